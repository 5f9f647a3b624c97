// Newest words in view; Enter sends a text, as on a phone.
(() => {
  const newest = () => {
    const screen = document.querySelector("[data-newest]");
    if (screen) screen.scrollTop = screen.scrollHeight;
  };
  newest();
  let count = document.querySelectorAll(".text").length;
  document.addEventListener("htmx:after:swap", () => {
    const now = document.querySelectorAll(".text").length;
    if (now !== count) newest();
    count = now;
  });
  document.addEventListener("keydown", (event) => {
    const box = event.target.closest?.("[data-enter-sends]");
    if (!box || event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    if (box.value.trim()) box.form.requestSubmit();
  });
})();
