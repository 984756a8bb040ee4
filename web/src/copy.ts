// Copies what `data-copy` holds; for two seconds the button says what `data-copied` holds.
const SHOWN_MS = 2000;

async function copy(button: HTMLElement): Promise<void> {
  if (button.classList.contains("is-copied")) return;
  await navigator.clipboard.writeText(button.dataset["copy"] ?? "");
  const label = button.textContent;
  button.textContent = button.dataset["copied"] ?? label;
  button.classList.add("is-copied");
  setTimeout(() => {
    button.textContent = label;
    button.classList.remove("is-copied");
  }, SHOWN_MS);
}

export function startCopying(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-copy]");
    if (button instanceof HTMLElement) void copy(button);
  });
}
