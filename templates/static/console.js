// The console's keys, drafts and live news. Every act works without any of it.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Keys are written on what they act upon (data-key), so the sheet and the page cannot disagree.
  const keysOn = () => localStorage.getItem("keys") !== "off";
  const typing = (element) => element.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  const act = (element) => {
    if (element.matches("details")) {
      element.open = true;
      (element.querySelector("textarea, select, input:not([type=hidden]), button") || element).focus();
      element.scrollIntoView({ block: "nearest" });
    } else if (element.matches("input, textarea, select")) {
      element.focus();
    } else {
      element.click();
    }
  };
  const items = () => $$("[data-list] [data-item]");
  let here = -1;
  const move = (by) => {
    const all = items();
    if (!all.length) return;
    here = Math.min(all.length - 1, Math.max(0, here + by));
    all.forEach((item, n) => item.classList.toggle("is-here", n === here));
    $("[data-enter]", all[here])?.focus();
  };
  const listKeys = { j: () => move(1), k: () => move(-1), c: () => $("[data-claim]", items()[here] || document.body)?.click() };
  let led = false;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && typing(event.target)) return event.target.blur();
    const send = (event.ctrlKey || event.metaKey) && event.key === "Enter" && event.target.closest("form");
    if (send) return send.requestSubmit();
    if ((event.ctrlKey || event.metaKey) && event.key === "k") {
      event.preventDefault();
      return $("[data-key='/']")?.focus();
    }
    if (!keysOn() || event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || $("dialog[open]")) return;
    const key = led ? `g ${event.key}` : event.key;
    led = event.key === "g" && !led;
    const target = $$("[data-key]").find((element) => element.dataset.key === key);
    const own = items().length ? listKeys[key] : null;
    if (!target && !own) return;
    event.preventDefault();
    if (target) act(target); else own();
  });

  const sheet = $("#keys");
  const fillSheet = () => {
    const listed = $$("[data-key]").map((element) => [element.dataset.key, element.dataset.keyName
      || $("label", element.parentElement)?.textContent || $("summary", element)?.textContent || element.textContent]);
    if (items().length) listed.push(["j", "Next in the list"], ["k", "Previous in the list"], ["Enter", "Open it"]);
    if ($("[data-claim]")) listed.push(["c", "Claim it"]);
    listed.push(["Ctrl+Enter", "Send the form I am in"], ["Ctrl+k", "Find"], ["Esc", "Leave the field"]);
    $("[data-keys]", sheet).replaceChildren(...listed.map(([key, name]) => {
      const row = document.createElement("li");
      const cap = document.createElement("kbd");
      cap.textContent = key;
      row.append(name.replace(key, "").replace(/\s+/g, " ").trim(), " ", cap);
      return row;
    }));
  };
  if (sheet) {
    $("[data-open=keys]").addEventListener("click", () => { fillSheet(); sheet.showModal(); });
    const box = $("[data-keys-on]", sheet);
    box.checked = keysOn();
    box.addEventListener("change", () => localStorage.setItem("keys", box.checked ? "on" : "off"));
  }

  // The list beside a conversation folds away and stays so.
  const fold = () => $(".desk")?.classList.toggle("desk--wide", localStorage.getItem("list") === "folded");
  fold();
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-fold]")) return;
    localStorage.setItem("list", localStorage.getItem("list") === "folded" ? "open" : "folded");
    fold();
  });

  // What is typed is kept on the server, for this colleague and case alone.
  let timer;
  document.addEventListener("input", (event) => {
    const kind = event.target.dataset?.draft;
    if (!kind) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const body = new URLSearchParams({ kind, text: event.target.value });
      fetch($("[data-drafts]").dataset.drafts, { method: "POST", body, keepalive: true });
    }, 700);
  });

  // Newest words in view, unless the reader has scrolled up.
  const timeline = $("[data-newest]");
  const atEnd = () => timeline && timeline.scrollHeight - timeline.scrollTop - timeline.clientHeight < 80;
  let follow = true;
  if (timeline) {
    timeline.scrollTop = timeline.scrollHeight;
    timeline.addEventListener("scroll", () => { follow = atEnd(); }, { passive: true });
    document.addEventListener("htmx:after:swap", () => { if (follow) timeline.scrollTop = timeline.scrollHeight; });
  }

  // No list moves under the pointer or the keyboard; news waits until they rest.
  let moved = 0;
  document.addEventListener("pointermove", () => { moved = Date.now(); }, { passive: true });
  document.addEventListener("htmx:before:request", (event) => {
    const live = event.target.closest?.("[data-live]");
    if (!live || event.target !== live) return;
    const busy = (live.matches(":hover") && Date.now() - moved < 4000) || live.contains(document.activeElement);
    if (busy || document.hidden) event.preventDefault();
  });

  const offline = $("[data-offline]");
  document.addEventListener("htmx:error", () => { if (offline) offline.hidden = false; });
  document.addEventListener("htmx:after:request", (event) => {
    if (offline) offline.hidden = true;
    const answered = event.detail?.ctx?.response?.raw;
    if (answered?.redirected && new URL(answered.url).pathname.endsWith("/sign-in")) location.assign(answered.url);
  });
})();
