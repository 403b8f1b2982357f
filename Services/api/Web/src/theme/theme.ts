export type Theme = "system" | "light" | "dark";

const storageKey = "bennu.theme";
const systemIsDark = window.matchMedia("(prefers-color-scheme: dark)");

/** The theme this browser was told to use; `system` where it was told nothing or may store nothing. */
export function storedTheme(): Theme {
  try {
    const value = window.localStorage.getItem(storageKey);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system";
  }
}

export function storeTheme(theme: Theme): void {
  try {
    if (theme === "system") {
      window.localStorage.removeItem(storageKey);
    } else {
      window.localStorage.setItem(storageKey, theme);
    }
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

/** Puts the theme on the page; `system` follows the system from now on. */
export function applyTheme(theme: Theme): void {
  const isDark = theme === "dark" || (theme === "system" && systemIsDark.matches);
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
  systemIsDark.onchange = theme === "system" ? () => applyTheme("system") : null;
}

/** The theme after this one: a press of the button goes light, dark, as the system says. */
export function themeAfter(theme: Theme): Theme {
  switch (theme) {
    case "system":
      return "light";
    case "light":
      return "dark";
    case "dark":
      return "system";
  }
}
