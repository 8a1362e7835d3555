// Keeps a page fresh: puts new values where the server put the old ones. Without it pages still work.
"use strict";

const rows = new Map();
for (const row of document.querySelectorAll("[data-terminal]")) rows.set(row.dataset.terminal, row);
const live = document.getElementById("live");

function say(words) {
  if (live && live.textContent !== words) live.textContent = words;
}

function fill(row, cells) {
  row.dataset.level = cells.level;
  row.dataset.seen = cells.seen_at;
  for (const cell of row.querySelectorAll("[data-cell]")) cell.textContent = cells[cell.dataset.cell];
}

async function renew(part) {
  const answer = await fetch(part.dataset.now, { redirect: "error" });
  if (answer.ok) part.innerHTML = await answer.text(); // our own page's part, escaped by the server
  reach();
}

function told(terminals) {
  for (const [name, cells] of Object.entries(terminals)) {
    const row = rows.get(name);
    if (!row) continue;
    if (row.dataset.now) renew(row).catch(() => say(" · 没有更新，请刷新"));
    else if (cells) fill(row, cells);
  }
}

function tick() { // what was seen 2 seconds ago is not for ever
  for (const row of document.querySelectorAll("tr[data-seen]")) {
    if (!row.dataset.seen) continue;
    const s = Math.max(0, Math.floor((Date.now() - Date.parse(row.dataset.seen)) / 1000));
    const [size, word] = [[86400, "天"], [3600, "小时"], [60, "分钟"], [1, "秒"]].find(([n]) => s >= n) || [1, "秒"];
    row.querySelector("[data-cell=seen]").textContent = `${Math.floor(s / size)} ${word}前`;
  }
}

function counted(figures) {
  const list = document.querySelector("ul[data-now]");
  if (list && !list.contains(document.activeElement)) renew(list).catch(() => {});
  for (const place of document.querySelectorAll("[data-figure]")) {
    if (place.dataset.figure in figures) place.textContent = figures[place.dataset.figure];
  }
}

async function freshen(part) { // a rollout's page: read again, the focus stays where it was
  const answer = await fetch(part.dataset.fresh, { redirect: "error" });
  if (!answer.ok) return;
  const text = await answer.text();
  if (text === part.told) return;
  part.told = text;
  const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
  part.innerHTML = text; // our own page's part, escaped by the server
  reach();
  if (focused) document.getElementById(focused)?.focus();
  const said = document.getElementById("said"), now = part.querySelector("[data-say]");
  if (said && now && said.textContent !== now.dataset.say) said.textContent = now.dataset.say;
}

for (const part of document.querySelectorAll("[data-fresh]")) {
  const again = () => document.hidden || freshen(part).catch(() => say(" · 没有更新，请刷新"));
  setInterval(again, "slow" in part.dataset ? 15000 : 3000);
}

for (const part of document.querySelectorAll("[data-late]")) {
  fetch(part.dataset.late, { redirect: "error" })
    .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)))
    .then((text) => { part.innerHTML = text; }) // our own page's part, escaped by the server
    .catch(() => { part.textContent = "没有比较出来，请刷新。"; });
}

if (live) {
  const names = [...rows.keys()].join(",");
  const source = new EventSource("/live?names=" + encodeURIComponent(names));
  source.addEventListener("here", () => say(" · 实时"));
  source.addEventListener("error", () => say(" · 连接断了，正在重连"));
  source.addEventListener("terminals", (event) => told(JSON.parse(event.data)));
  source.addEventListener("figures", (event) => counted(JSON.parse(event.data)));
  source.addEventListener("over", () => location.reload());
  setInterval(tick, 5000);
  addEventListener("pagehide", () => source.close());
}

const menu = document.querySelector(".rail .menu");
if (menu) menu.addEventListener("click", () => {
  const open = menu.parentElement.classList.toggle("open");
  menu.setAttribute("aria-expanded", String(open));
});

function reach() { // what scrolls in its own box is scrolled by keyboard, too
  for (const box of document.querySelectorAll(".card")) {
    const own = box.scrollWidth > box.clientWidth + 1 && !box.querySelector("a, button, input, select, summary");
    if (own) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}
new ResizeObserver(reach).observe(document.body);
