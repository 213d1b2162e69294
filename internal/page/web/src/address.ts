// What the page's address says of its state.

// behind is the address of the page on which a sheet stands, while one does: the address of the window is the sheet's then.
let behind: string | null = null;

export function base(): string {
  return behind ?? location.href;
}

export function stand(on: string | null): void {
  behind = on;
}

// parameters are those of the page.
export function parameters(): URLSearchParams {
  return new URL(base()).searchParams;
}

// rewrite changes the parameters of the address, without a new entry in the history.
export function rewrite(change: (parameters: URLSearchParams) => void): void {
  const changed = new URLSearchParams(location.search);
  change(changed);
  const text = changed.toString();
  const address = location.pathname + (text === "" ? "" : "?" + text) + location.hash;
  try {
    history.replaceState(history.state, "", address);
  } catch {
    // A browser may refuse this of a file, or of more than a hundred changes in a while. The page works without.
  }
}

// served says whether a server stands behind the page. A file has none.
export function served(): boolean {
  return location.protocol.startsWith("http");
}
