// The clerk's page: applications arrive by themselves, actions ask first.
"use strict";

const show = document.body.dataset.show;
const chosen = document.body.dataset.chosen;
const rows = document.getElementById("rows");
const live = document.getElementById("live");
const trouble = document.getElementById("trouble");
const dialog = document.getElementById("confirm");

const WORDS = {
  receive: {
    title: "确认收件？", yes: "确认收件",
    what: "材料已经核对无误。收件后申请人扫码会看到“已收件”，不能撤销。",
  },
  accept: {
    title: "确认受理？", yes: "确认受理",
    what: "承诺时限从受理起算。受理后申请人扫码会看到“已受理”，不能撤销。",
  },
};

function say(words) {
  trouble.textContent = words;
  trouble.hidden = !words;
}

async function part(path) {
  const answer = await fetch(path, { cache: "no-store" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.text();
}

// Put a row on top when it is new, in its place when it is known; take it away when it moved on.
async function refreshRow(number, isNew) {
  const html = (await part(`/clerk/rows/${number}?show=${show}`)).trim();
  const old = document.getElementById(`row-${number}`);
  if (!html) { if (old) old.remove(); tidy(); return; }
  const box = document.createElement("template");
  box.innerHTML = html;
  const row = box.content.firstElementChild;
  if (number === chosen) row.classList.add("chosen");
  if (isNew && !old) row.classList.add("new");
  if (old) old.replaceWith(row); else rows.prepend(row);
}

// An empty list must be really empty for its words to show.
function tidy() {
  if (!rows.querySelector(".row")) rows.textContent = "";
}

async function refreshCounts() {
  const counts = JSON.parse(await part("/clerk/counts"));
  let all = 0;
  for (const [state, count] of Object.entries(counts)) {
    all += count;
    document.querySelector(`[data-count="${state}"]`).textContent = count;
  }
  document.querySelector('[data-count=""]').textContent = all;
}

// A newer question makes an older answer worthless; what was revealed stays so until one leaves.
let asked = 0;
const revealed = new Map();

async function refreshDetail() {
  const mine = ++asked;
  const html = await part(chosen ? `/clerk/details/${chosen}` : "/clerk/start");
  if (mine !== asked) return;
  document.getElementById("detail").innerHTML = html;
  showRevealed();
}

function showRevealed() {
  for (const [field, value] of revealed) {
    document.querySelector(`[data-hidden="${field}"]`).textContent = value;
    document.querySelector(`[data-reveal="${field}"]`)?.remove();
  }
}

async function happened(event) {
  const told = JSON.parse(event.data);
  try {
    if (told.kind !== "number.revealed") {
      await refreshRow(told.application_no, told.kind === "application.received");
      await refreshCounts();
      if (!chosen || told.application_no === chosen) await refreshDetail();
    }
    say("");
  } catch {
    say("没有取到最新内容，请刷新页面");
  }
}

function ask(act, names) {
  const words = WORDS[act];
  document.getElementById("confirm-title").textContent = words.title;
  document.getElementById("confirm-what").textContent = words.what;
  document.getElementById("confirm-yes").textContent = words.yes;
  document.getElementById("confirm-items").replaceChildren(...names.map((name) => {
    const line = document.createElement("li");
    line.textContent = name;
    return line;
  }));
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true });
  });
}

async function act(button) {
  const numbers = button.dataset.items.split(" ");
  const names = numbers.map((one) => document.querySelector(`[data-item="${one}"]`).textContent);
  if (!await ask(button.dataset.act, names)) return;
  button.disabled = true;
  for (const number of numbers) {
    const answer = await fetch(`/clerk/items/${number}/${button.dataset.act}`, { method: "POST" });
    if (!answer.ok) { const told = await answer.json(); say(`${told.title_zh}。${told.help}`); }
  }
  await refreshDetail();
}

async function reveal(button) {
  const field = button.dataset.reveal;
  const answer = await fetch(`/clerk/applications/${chosen}/reveal`, {
    method: "POST", headers: { "content-type": "application/json" },
    body: JSON.stringify({ field }),
  });
  if (!answer.ok) { say("没有取到，请刷新页面"); return; }
  revealed.set(field, (await answer.json()).value);
  showRevealed();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.act) act(button).catch(() => say("没有办成，请刷新页面后再看"));
  if (button.dataset.reveal) reveal(button).catch(() => say("没有取到，请刷新页面"));
});

function listen() {
  const stream = new EventSource("/events");
  const tell = (state, words) => {
    live.dataset.state = state;
    live.querySelector("span").textContent = words;
  };
  stream.addEventListener("open", () => tell("on", "实时接收中"));
  stream.addEventListener("error", () => tell("off", "连接断开，正在重连"));
  stream.addEventListener("happened", happened);
}

listen();
