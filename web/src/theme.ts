// Sets the chosen theme before the page is painted: a classic script in the head, so it may not import or export.
{
  const KEY = "haitang-theme";
  const THEMES: Record<string, string> = {
    light: "haitang",
    dark: "haitang-dark",
    contrast: "haitang-contrast",
  };
  const wantsContrast = matchMedia("(prefers-contrast: more)");

  // A browser that forbids storage still gets a page, in the system's theme.
  const stored = (): string => {
    try {
      return localStorage.getItem(KEY) ?? "auto";
    } catch {
      return "auto";
    }
  };

  const keep = (choice: string): void => {
    try {
      localStorage.setItem(KEY, choice);
    } catch {
      return;
    }
  };

  const apply = (choice: string): void => {
    const theme = THEMES[choice] ?? (wantsContrast.matches ? THEMES["contrast"] : undefined);
    if (theme) document.documentElement.dataset["theme"] = theme;
    else delete document.documentElement.dataset["theme"];
  };

  const show = (choice: string): void => {
    for (const button of document.querySelectorAll<HTMLElement>("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset["themeChoice"] === choice));
    }
  };

  apply(stored());
  wantsContrast.addEventListener("change", () => apply(stored()));
  document.addEventListener("DOMContentLoaded", () => show(stored()));
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-theme-choice]");
    if (!(button instanceof HTMLElement)) return;
    const choice = button.dataset["themeChoice"] ?? "auto";
    keep(choice);
    apply(choice);
    show(choice);
  });
}
