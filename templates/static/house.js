// Helps where scripts run; every page works without. No inline code anywhere (Content-Security-Policy).
(() => {
  // What to change takes the focus, on a fresh page and after a swap.
  const focusProblems = () => document.querySelector("[data-focus]")?.focus();
  focusProblems();
  document.addEventListener("htmx:after:swap", focusProblems);

  // A fragment that stands on its own (a live preview) needs its button only without scripts.
  for (const button of document.querySelectorAll("[data-without-scripts]")) button.hidden = true;
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  // A form sent once is not sent again by a second click; the server counts it once in any case.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) return event.preventDefault();
    if (form.method === "post" && !event.defaultPrevented && !form.hasAttribute("hx-post")) {
      form.dataset.sent = "1";
      setTimeout(() => delete form.dataset.sent, 4000);
    }
  });

  // Two minutes before a session ends: say so, and keep it open with one press (WCAG 2.2.1).
  const warning = document.getElementById("session");
  const seconds = Number(document.body.dataset.sessionSeconds || 0);
  if (!warning || !seconds) return;
  let timer;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      warning.hidden = false;
      warning.querySelector("button").focus();
    }, Math.max(0, seconds - 120) * 1000);
  };
  wait();
  document.getElementById("session-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" }).then(
      () => { warning.hidden = true; document.getElementById("main").focus(); wait(); },
      () => form.submit(),
    );
  });
})();
