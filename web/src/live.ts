// What a poll of the desk must not do: close what was opened, or say again to a screen reader what it has said already.
//
// The polled part has no alert of its own; `#news` stands outside of it and is told of those alarms that are new.

const alarmsNow = (): string[] =>
  Array.from(document.querySelectorAll("#live .notice-alarm > span"), (said) => said.textContent.trim());

function keepOpen(): void {
  let open = new Map<string, boolean>();
  document.addEventListener("htmx:beforeSwap", () => {
    const all = document.querySelectorAll<HTMLDetailsElement>("details[id]");
    open = new Map(Array.from(all, (details) => [details.id, details.open]));
  });
  // Only then: while it settles, htmx gives new elements the attributes of the old, and takes them away again.
  document.addEventListener("htmx:afterSettle", () => {
    for (const [id, isOpen] of open) {
      const details = document.getElementById(id);
      if (details instanceof HTMLDetailsElement) details.open = isOpen;
    }
    open.clear();
  });
}

function tellNews(news: HTMLElement): void {
  let known = alarmsNow();
  document.addEventListener("htmx:afterSwap", () => {
    const now = alarmsNow();
    const unheard = now.filter((alarm) => !known.includes(alarm));
    if (unheard.length > 0) news.textContent = unheard.join(" ");
    known = now;
  });
}

export function startLive(): void {
  const news = document.getElementById("news");
  if (!news) return;
  keepOpen();
  tellNews(news);
}
