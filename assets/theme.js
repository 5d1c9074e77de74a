// Applies the saved theme before the first paint, so that the page never flashes the other one.
try {
  const theme = localStorage.getItem("loquent.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked: the theme follows the system.
}
