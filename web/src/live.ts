// What a poll of the desk must not do: say again to a screen reader what it has said already.
//
// The polled part has no alert of its own; `#news` stands outside of it and is told of those alarms that are new.

const alarmsNow = (): string[] =>
  Array.from(document.querySelectorAll("#live .notice-alarm > span"), (said) => said.textContent.trim());

export function startLive(): void {
  const news = document.getElementById("news");
  if (!news) return;
  let known = alarmsNow();
  document.addEventListener("htmx:afterSwap", () => {
    const now = alarmsNow();
    const unheard = now.filter((alarm) => !known.includes(alarm));
    if (unheard.length > 0) news.textContent = unheard.join(" ");
    known = now;
  });
}
