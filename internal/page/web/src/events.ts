// News from the server: <html data-events="/events" data-snapshot="VERSION"> names the stream, and what the page shows. Each event
// "snapshot" has the version that there is now as its data, the first at once.

import type { Refresher } from "./refresh";

export function follow(refresher: Refresher): void {
  const root = document.documentElement;
  const address = root.dataset.events;
  if (address === undefined || address === "") {
    return;
  }
  let stream: EventSource | null = null;
  const listen = (): void => {
    if (document.hidden) {
      // A page that nobody sees keeps no connection: browsers have six for all of them.
      stream?.close();
      stream = null;
    } else if (stream === null) {
      stream = new EventSource(address);
      stream.addEventListener("snapshot", (event: MessageEvent<unknown>) => {
        if (typeof event.data === "string" && event.data !== root.dataset.snapshot) {
          root.dataset.snapshot = event.data;
          refresher.offer();
        }
      });
    }
  };
  document.addEventListener("visibilitychange", listen);
  addEventListener("pagehide", () => {
    stream?.close();
    stream = null;
  });
  addEventListener("pageshow", listen);
  listen();
}
