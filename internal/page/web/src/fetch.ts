// Other pages of ours, as documents.

export interface Page {
  readonly document: Document;
  readonly address: string; // after redirections
  readonly status: number;
}

// load asks the server for a page. A browser makes a document of it without running what it holds.
export function load(address: string, method: "GET" | "POST" = "GET", body: URLSearchParams | FormData | null = null): Promise<Page> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, address);
    request.responseType = "document";
    request.timeout = 30_000;
    request.setRequestHeader("Accept", "text/html");
    request.addEventListener("load", () => {
      const received: unknown = request.response;
      if (received instanceof Document) {
        resolve({ document: received, address: request.responseURL, status: request.status });
      } else {
        reject(new Error(`${address} is no page (status ${String(request.status)})`));
      }
    });
    for (const failure of ["error", "timeout", "abort"]) {
      request.addEventListener(failure, () => {
        reject(new Error(`${address}: ${failure}`));
      });
    }
    request.send(body);
  });
}
