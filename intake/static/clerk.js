// The clerk's page: applications arrive by themselves, actions ask first.
"use strict";

const query = document.body.dataset.query;
const chosen = document.body.dataset.chosen;
const takesNew = document.body.dataset.live === "yes";
const rows = document.getElementById("rows");
const live = document.getElementById("live");
const trouble = document.getElementById("trouble");
const dialog = document.getElementById("confirm");

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
  const html = (await part(`/clerk/rows/${number}?${query}`)).trim();
  const old = document.getElementById(`row-${number}`);
  if (!html) { if (old) old.remove(); tidy(); return; }
  const box = document.createElement("template");
  box.innerHTML = html;
  const row = box.content.firstElementChild;
  if (number === chosen) row.classList.add("chosen");
  if (isNew && !old) row.classList.add("new");
  if (old) old.replaceWith(row); else if (takesNew) rows.prepend(row);
}

// An empty list must be really empty for its words to show.
function tidy() {
  if (!rows.querySelector(".row")) rows.textContent = "";
}

async function refreshCounts() {
  const counts = JSON.parse(await part("/clerk/counts"));
  for (const [group, count] of Object.entries(counts)) {
    const figure = document.querySelector(`[data-count="${group}"]`);
    figure.textContent = count;
    figure.classList.toggle("none", count === 0);
  }
  document.querySelector("[data-overdue]").dataset.overdue = counts.overdue;
}

// A newer question makes an older answer worthless; what was revealed stays so until one leaves.
let asked = 0;
const revealed = new Map();

async function refreshDetail() {
  const mine = ++asked;
  const html = await part(chosen ? `/clerk/details/${chosen}` : "/clerk/start");
  if (mine !== asked) return;
  const opened = [...document.querySelectorAll("#detail details[open]")].map(nameOf);
  document.getElementById("detail").innerHTML = html;
  for (const box of document.querySelectorAll("#detail details")) {
    if (opened.includes(nameOf(box)) && !box.classList.contains("more")) box.open = true;
  }
  showRevealed();
}

function nameOf(box) {
  return box.querySelector("summary").textContent;
}

function showRevealed() {
  for (const [field, value] of revealed) {
    const place = document.querySelector(`[data-hidden="${field}"]`);
    if (place) place.textContent = value;
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

// What an act says before it is done stands in the page, one template an act.
// An item may ask for words where its act alone does not.
function ask(kind, names, own) {
  const words = document.querySelector(`template[data-words="${kind}"]`);
  const { label, way, notice, effect } = words.dataset;
  const write = own || words.dataset.write;
  const by = (id) => document.getElementById(id);
  by("confirm-title").textContent = `${label}？`;
  by("confirm-what").textContent = effect;
  by("confirm-notice").textContent = `发出《${notice}》，申请人扫凭条上的码就能看到。`;
  by("confirm-notice").hidden = !notice;
  by("confirm-yes").textContent = `确认${label}`;
  by("confirm-yes").className = way === "stop" ? "stop" : "go";
  by("confirm-items").replaceChildren(...names.map((name) => {
    const line = document.createElement("li");
    line.textContent = name;
    return line;
  }));
  by("confirm-final").hidden = kind === "provincial";
  by("confirm-write").hidden = !write;
  by("confirm-write-label").textContent = write;
  by("confirm-text").required = !!write;
  by("confirm-text").value = "";
  by("confirm-phrases").replaceChildren(words.content.cloneNode(true));
  dialog.returnValue = "no";
  dialog.showModal();
  (write ? by("confirm-text") : by("confirm-yes")).focus();
  return new Promise((done) => {
    dialog.addEventListener("close", () => {
      done(dialog.returnValue === "yes" ? { text: by("confirm-text").value } : null);
    }, { once: true });
  });
}

async function act(button) {
  const items = button.dataset.items.split(" ");
  const names = items.map((one) => document.querySelector(`[data-item="${one}"]`).textContent);
  const agreed = await ask(button.dataset.act, names, button.dataset.write);
  if (!agreed) { button.focus(); return; }
  await send(button, `/clerk/acts/${button.dataset.act}`, { items, text: agreed.text });
}

// A paper that was promised has come.
async function handIn(button) {
  const agreed = await ask("hand-in", [button.dataset.name]);
  if (!agreed) { button.focus(); return; }
  await send(button, `/clerk/applications/${chosen}/hand-in`, { material: button.dataset.paper });
}

// What a citizen said against a value was checked.
async function checkObjection(button) {
  const words = button.dataset.wordsOf;
  const agreed = await ask(words, [button.dataset.name]);
  if (!agreed) { button.focus(); return; }
  await send(button, `/clerk/applications/${chosen}/objections`, {
    field: button.dataset.objection, outcome: words.replace("objection-", ""), text: agreed.text,
  });
}

// The number that the province has given.
async function keepNumber(button) {
  const agreed = await ask("provincial", [button.dataset.name]);
  if (!agreed) { button.focus(); return; }
  await send(button, `/clerk/numbers/${button.dataset.provincial}`, { number: agreed.text });
}

async function send(button, path, body) {
  button.disabled = true;
  const answer = await fetch(path, {
    method: "POST", headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const told = await answer.json();
  await Promise.all([refreshDetail(), refreshRow(chosen, false), refreshCounts()]);
  // Another clerk may have been quicker: the page now shows what is so, and says it.
  say(answer.ok ? "" : `${told.title_zh}：${told.detail_zh}${told.help}`);
}

function addPhrase(text) {
  const box = document.getElementById("confirm-text");
  box.value = box.value.trim() ? `${box.value.trimEnd()}\n${text}` : text;
  box.focus();
}

const picture = document.getElementById("picture");
let pictures = [];
let seen = 0;

function look(at) {
  seen = (at + pictures.length) % pictures.length;
  const link = pictures[seen];
  document.getElementById("picture-image").src = link.href;
  document.getElementById("picture-image").alt = link.querySelector("img").alt;
  document.getElementById("picture-name").textContent = link.dataset.picture;
}

function openPicture(link) {
  pictures = [...document.querySelectorAll("#detail [data-picture]")];
  look(pictures.indexOf(link));
  picture.showModal();
}

picture.addEventListener("close", () => pictures[seen].focus());
picture.addEventListener("keydown", (event) => {
  if (event.key === "ArrowLeft") look(seen - 1);
  if (event.key === "ArrowRight") look(seen + 1);
});
document.getElementById("picture-back").addEventListener("click", () => look(seen - 1));
document.getElementById("picture-on").addEventListener("click", () => look(seen + 1));

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
  const link = event.target.closest("[data-picture]");
  if (link) { event.preventDefault(); openPicture(link); return; }
  const button = event.target.closest("button");
  if (!button) return;
  if (button.classList.contains("phrase")) addPhrase(button.textContent);
  if (button.dataset.act) act(button).catch(() => say("没有办成，请刷新页面后再看"));
  if (button.dataset.paper) handIn(button).catch(() => say("没有办成，请刷新页面后再看"));
  if (button.dataset.objection) checkObjection(button).catch(() => say("没有办成，请刷新页面后再看"));
  if (button.dataset.provincial) keepNumber(button).catch(() => say("没有办成，请刷新页面后再看"));
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
