// Copying.

import { around, say } from "./dom";

// copy puts text on the clipboard. Where that is refused, the reader can copy it by hand.
export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say("Copied");
  } catch {
    prompt("Copy this:", text);
  }
}

// copies makes buttons with data-copy copy its value: an address, made absolute, or the page's own where it is empty.
export function copies(): void {
  document.addEventListener("click", (event) => {
    const pressed = around(event.target, "button[data-copy]", HTMLButtonElement);
    if (pressed === null) {
      return;
    }
    const said = pressed.dataset.copy ?? "";
    void copy(said === "" ? location.href : /^[/#?]/.test(said) ? new URL(said, location.href).href : said);
    const text = pressed.textContent;
    pressed.textContent = "Copied";
    setTimeout(() => {
      pressed.textContent = text;
    }, 1500);
  });
}
