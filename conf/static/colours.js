// "auto" means what the system prefers. The theme says so only when the page has been drawn, which draws it twice.
if (document.documentElement.dataset.theme === "auto") {
  document.documentElement.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
