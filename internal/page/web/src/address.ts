// What the page's address says of its state.

export function parameters(): URLSearchParams {
  return new URLSearchParams(location.search);
}

// rewrite changes the parameters of the address, without a new entry in the history.
export function rewrite(change: (parameters: URLSearchParams) => void): void {
  const changed = parameters();
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
