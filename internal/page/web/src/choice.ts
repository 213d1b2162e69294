// Ranges, "Include" and the like: radios and checkboxes that CSS follows. They stand outside of forms, and their state is kept in the
// address.

import { all } from "./dom";
import { parameters, rewrite } from "./address";

function kept(input: HTMLInputElement): boolean {
  return input.form === null && input.name !== "" && (input.type === "radio" || input.type === "checkbox");
}

function choices(root: ParentNode): HTMLInputElement[] {
  return all(root, "input[name]", HTMLInputElement).filter(kept);
}

// chosen restores choices under a root from the address.
export function chosen(root: ParentNode): void {
  const said = parameters();
  for (const input of choices(root)) {
    if (said.has(input.name)) {
      input.checked = said.getAll(input.name).includes(input.value);
    }
  }
}

// chooses keeps choices in the address as they are made. None of several is an empty value: absent means as the page was made.
export function chooses(): void {
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || !kept(input)) {
      return;
    }
    const values = choices(document).filter((other) => other.name === input.name && other.checked).map((other) => other.value);
    rewrite((said) => {
      said.delete(input.name);
      for (const value of values.length === 0 ? [""] : values) {
        said.append(input.name, value);
      }
    });
  });
}
