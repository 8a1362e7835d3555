"use strict";
// The page holds no state of its own: it asks the simulator twice a second and paints the answer.

const $ = (id) => document.getElementById(id);

const FAULTS = {
  "id-reader": [
    ["fail_during", "lift", "读到一半卡被拿走"],
    ["fail_during", "checksum", "校验码错一次"],
    ["fail_during", "truncated", "数据断在半路"],
    ["fail_during", "silence", "不应答一次"],
    ["fail_during", "foreign", "答非所问"],
    ["fail_during", "garbage", "前面有杂码"],
    ["fail_during", "extra-aa", "多一个前导字节"],
    ["fail_during", "split", "一个字节一个字节地来"],
    ["fail_during", "status:41", "读卡失败 41"],
    ["fail_during", "status:31", "卡不认机 31"],
    ["fail_during", "status:40", "不认识的卡 40"],
    ["fail_next", "status:66", "模块未授权 66"],
    ["fail_during", "unplug:700", "读到一半掉线"],
  ],
  scanner: [
    ["fail_during", "truncated", "码只来一半"],
    ["fail_during", "silence", "码没有发出来"],
    ["fail_during", "garbage", "前面有杂码"],
    ["fail_during", "split", "一个字节一个字节地来"],
    ["fail_next", "status:15", "拒绝命令"],
    ["fail_during", "unplug", "发到一半掉线"],
  ],
  printer: [
    ["fail_during", "paper-out", "打到一半没纸"],
    ["fail_during", "cover-open", "打到一半开盖"],
    ["fail_during", "cutter", "切刀卡住"],
    ["fail_during", "offline", "打到一半脱机"],
    ["fail_during", "silence", "打到一半不再应答"],
    ["fail_during", "garbage", "应答是乱码"],
    ["fail_during", "unplug", "打到一半掉线"],
    ["fail_during", "power-off", "打到一半断电"],
  ],
  camera: [
    ["fault", "upside_down", "放颠倒了"],
    ["fault", "half", "只放进一半"],
    ["fault", "dark", "太暗"],
    ["fault", "glare", "反光"],
    ["fault", "blurred", "模糊"],
    ["fault", "freeze", "画面卡住不动"],
    ["fault", "black", "全黑"],
    ["fault", "unplug", "掉线"],
  ],
};

// Roles of the generated people; a plain person has no tag.
const ROLES = {
  applicant: "申请人", "rare-name": "生僻字姓名", uninsured: "未参保", "no-mobile": "没有手机",
  child: "孩子", person: "", "expired-card": "",
};

// What the other devices tell of themselves; a word that is not here is shown as it is.
const UNSHOWN = new Set(["scenes", "can_fail", "keys", "who", "other", "cast"]);
const WORDS = {
  true: "是", false: "否", plugged: "插着", faults: "等着发生的错误", flaky: "随机出错的机会",
  mains: "市电有电", ending: "即将断电", charge: "电量（%）", low: "电量低", broken: "坏了", charging: "能充电", looks: "被查询次数",
  cabinetFrontDoor: "前门", cabinetRearDoor: "后门", tamperSensor: "防拆", proximitySensor: "有人走近",
  operatorSwitch: "钥匙开关", operatorCallButtonSensor: "呼叫按钮", handsetSensor: "听筒", lit: "亮着的灯",
  open: "开着", closed: "关着", on: "有", off: "没有", present: "有", notPresent: "没有", run: "运行",
  onTheHook: "挂着", offTheHook: "拿起", held: "按住的键", headset: "耳机插着", sent: "发出次数",
  scene: "画面", fault: "出错", nobody: "没有人", one: "一个人", two: "两个人", frames: "已给出的帧",
  in_view: "有码", paper: "纸", toner: "墨粉", ok: "正常", out: "没有了", jam: "卡纸", cover: "上盖",
  offline: "脱机", silent: "不应答", garbage: "应答是乱码", rejects: "拒收作业", jobs: "作业", printed: "已打页数",
};

let people = [];
let state = null;
let papersShown = "";
let lensShown = "";

async function ask(path, body) {
  const options = body && {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  const answer = await fetch(path, options || {});
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error || answer.statusText);
  return value;
}

async function press(device, body) {
  try {
    paint(await ask(`/api/${device}`, body));
  } catch (error) {
    toast(`没有做成：${error.message}`);
  }
}

function toast(text) {
  $("toast").textContent = text;
  $("toast").hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { $("toast").hidden = true; }, 4000);
}

function make(tag, attributes = {}, ...children) {
  const element = Object.assign(document.createElement(tag), attributes);
  element.append(...children);
  return element;
}

function paint(fresh) {
  state = fresh;
  const speed = state.pace === "wire" ? "真实线速" : "全速";
  $("link").textContent = [state.terminal, speed].filter(Boolean).join(" · ");
  $("link").className = "pill on";
  for (const button of document.querySelectorAll(".plug")) {
    const device = state[button.dataset.device];
    const section = button.closest(".device");
    const plugged = device.plugged !== false;
    section.classList.toggle("out", !plugged);
    button.textContent = plugged ? "拔掉插头" : "插回去";
  }
  paintReader(state["id-reader"]);
  paintScanner(state.scanner);
  paintPrinter(state.printer);
  paintCamera(state.camera);
  paintFaults();
}

function paintReader(reader) {
  const card = reader.card;
  $("card").hidden = !card;
  $("pad-hint").hidden = Boolean(card);
  $("lift").disabled = !card;
  $("reads").textContent = reader.reads ? `已读出 ${reader.reads} 次` : "";
  if (card) {
    $("card-face").textContent = [...card.name][0];
    $("card-name").textContent = card.name;
    $("card-birth").textContent = card.birth_date;
    $("card-address").textContent = card.address;
    $("card-number").textContent = card.id_no;
    $("card-valid").textContent = `${card.valid_from} 至 ${card.valid_to || "长期"}`;
  }
  for (const button of $("people").querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(Boolean(card) && card.ref === button.dataset.ref));
  }
}

function paintPeople() {
  const wanted = $("filter").value.trim();
  const found = people.filter((p) => `${p.name}${roleOf(p)}${p.ref}${p.id_no}`.includes(wanted));
  $("people").replaceChildren(...found.slice(0, 200).map(personButton));
  $("no-people").hidden = found.length > 0;
  $("no-people").textContent = people.length
    ? "没有这样的人"
    : "还没有人口文件：生成之后会自己出现在这里";
  if (state) paintReader(state["id-reader"]);
}

function roleOf(person) {
  return ROLES[person.role] ?? person.role;
}

function personButton(person) {
  const role = roleOf(person);
  const tag = person.expired ? ["证件过期", "tag bad"] : role ? [role, "tag"] : null;
  const button = make("button", { type: "button", draggable: true },
    make("span", { className: "initial", textContent: [...person.name][0], ariaHidden: "true" }),
    make("b", { textContent: person.name }),
    tag ? make("span", { textContent: tag[0], className: tag[1] }) : "",
    make("small", { className: "figures", textContent: `${person.id_no} · ${person.ref}` }));
  button.dataset.ref = person.ref;
  button.onclick = () => press("id-reader", { put: person.ref });
  button.ondragstart = (event) => event.dataTransfer.setData("text/plain", person.ref);
  return make("li", {}, button);
}

function paintScanner(scanner) {
  $("window").classList.toggle("lit", scanner.triggered);
  $("hide").disabled = !scanner.in_view;
  const held = scanner.code;
  const source = held ? `/code.svg?text=${encodeURIComponent(held.slice(0, 800))}` : "";
  if (held && $("code").getAttribute("src") !== source) $("code").src = source;
  $("code").hidden = !held;
  $("code-empty").hidden = Boolean(held);
  document.querySelector(".phone").classList.toggle("held", Boolean(held));
  $("window-hint").textContent = scanner.triggered
    ? "灯亮着：出示码就会被读走"
    : scanner.in_view ? "手机停在窗口前，等灯亮" : "灯灭着：终端还没有要扫码";
}

function showCode(extra) {
  const text = $("text").value;
  if (!text) return toast("先写上码里的内容");
  remember(text);
  return press("scanner", { show: text, ...extra });
}

function remember(text) {
  const known = [...$("recent").querySelectorAll("button")].map((b) => b.title);
  if (known.includes(text)) return;
  const button = make("button", { type: "button", title: text, textContent: text });
  button.onclick = () => { $("text").value = text; showCode({}); };
  $("recent").prepend(make("li", {}, button));
  while ($("recent").children.length > 5) $("recent").lastChild.remove();
}

function paintPrinter(printer) {
  const trouble = [
    [printer.power === "off", "断电了"], [printer.offline, "脱机"], [printer.cutter === "fault", "切刀卡住"],
    [printer.error, "打印头出错"], [printer.silent, "不应答"], [printer.garbage, "应答是乱码"],
  ].filter(([is]) => is).map(([, text]) => text);
  $("printer-trouble").hidden = !trouble.length;
  $("printer-trouble").textContent = `正在出错：${trouble.join("、")}。点“恢复正常”消除`;
  if (trouble.length) $("printer-trouble").closest("details").open = true;
  for (const [group, key] of [["paper", "paper"], ["cover", "cover"]]) {
    for (const button of $(group).querySelectorAll("button")) {
      const value = button.dataset[key];
      button.setAttribute("aria-pressed", String(printer[key] === value));
      button.classList.toggle("warn", value === "out" || value === "open");
    }
  }
}

function paintCamera(camera) {
  for (const button of $("scene").querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(camera.scene === button.dataset.scene));
  }
  const account = $("card-account");
  if (document.activeElement !== account) account.value = camera.number;
  const shown = [camera.scene, camera.fault, camera.number].join("/");
  if (camera.drawn && shown !== lensShown) {
    lensShown = shown;
    $("lens").src = `/camera.jpg?${encodeURIComponent(shown)}`;
  }
}

// Devices beside the four: the simulator tells their names and what can be done to each.
function paintOthers(devices) {
  if ($("others").childElementCount !== devices.length) {
    $("others").replaceChildren(...devices.map(otherDevice));
    $("others").hidden = !devices.length;
  }
  for (const { name } of devices) {
    const own = state[name] || {};
    const section = $(`other-${name}`);
    section.classList.toggle("out", own.plugged === false);
    section.querySelector("dl").replaceChildren(...rows(own));
  }
}

function otherDevice({ name, title, actions }) {
  const head = make("div", { className: "head" }, make("h2", { textContent: title }));
  const buttons = make("div", { className: "acts" }, ...actions.map(({ label, command }) => {
    const button = make("button", { type: "button", textContent: label });
    button.onclick = () => press(name, command);
    return button;
  }));
  const section = make("section", { className: "device", id: `other-${name}` },
    head, make("dl", { className: "facts figures" }), buttons);
  section.setAttribute("aria-label", title);
  return section;
}

function rows(own) {
  return Object.entries(own).flatMap(([key, value]) => {
    if (value === null || UNSHOWN.has(key) || (Array.isArray(value) && !value.length)) return [];
    if (typeof value === "object" && !Array.isArray(value)) return rows(value);
    const text = Array.isArray(value) ? value.slice(-6).map(brief).join(" ") : word(value);
    return [make("div", {}, make("dt", { textContent: word(key) }), make("dd", { textContent: text }))];
  });
}

const word = (value) => WORDS[value] ?? String(value);
const brief = (value) => (typeof value === "object" ? JSON.stringify(value) : word(value));

function paintFaults() {
  for (const box of document.querySelectorAll(".faults")) {
    const waiting = state[box.dataset.device].faults || [];
    for (const button of box.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(waiting.includes(button.title)));
    }
  }
}

function paintPapers(papers) {
  const version = JSON.stringify(papers.map((p) => [p.id, p.bytes, p.cut]));
  if (version === papersShown) return;
  papersShown = version;
  $("no-papers").hidden = papers.length > 0;
  $("papers").replaceChildren(...[...papers].reverse().slice(0, 30).map((paper) => {
    const source = `${paper.png}?${paper.bytes}`;
    const alt = (paper.text || []).join("\n");
    const button = make("button", { type: "button", className: "zoom", title: "看大图" },
      make("img", { src: source, alt }));
    button.onclick = () => { $("zoom-picture").src = source; $("zoom").showModal(); };
    const cut = paper.complete === false ? "没有打完" : paper.cut ? "已切纸" : "还没有切";
    const caption = make("figcaption", { textContent: `第 ${paper.id} 张 · ${paper.bytes} 字节 · ${cut}` });
    for (const code of paper.qr || []) {
      const scan = make("button", { type: "button", textContent: "拿去给扫码器", title: code });
      scan.onclick = () => { $("text").value = code; showCode({}); };
      caption.append(scan);
    }
    return make("figure", {}, button, caption);
  }));
}

for (const box of document.querySelectorAll(".faults")) {
  const device = box.dataset.device;
  for (const [when, kind, text] of FAULTS[device]) {
    const button = make("button", { type: "button", textContent: text, title: `${when} ${kind}` });
    button.onclick = () => press(device, { [when]: kind });
    box.append(button);
  }
  const forget = make("button", { type: "button", textContent: "恢复正常" });
  forget.onclick = () => press(device, { fault: null });
  box.append(forget);
}
for (const button of document.querySelectorAll(".plug")) {
  button.onclick = () => {
    const plugged = state && state[button.dataset.device].plugged !== false;
    press(button.dataset.device, plugged ? { unplug: true } : { replug: true });
  };
}
for (const key of ["paper", "cover"]) {
  for (const button of $(key).querySelectorAll("button")) {
    button.onclick = () => press("printer", { [key]: button.dataset[key] });
  }
}
for (const button of $("scene").querySelectorAll("button")) {
  button.onclick = () => press("camera", { scene: button.dataset.scene });
}
$("card-account").onchange = () =>
  press("camera", { scene: "bank_card", number: $("card-account").value.trim() });
$("lift").onclick = () => press("id-reader", { lift: true });
$("filter").oninput = paintPeople;
$("show").onclick = () => showCode({});
$("blurt").onclick = () => showCode({ presentation: true });
$("burst").onclick = () => showCode({ repeat: 3 });
$("hide").onclick = () => press("scanner", { hide: true });
$("pad").ondragover = (event) => { event.preventDefault(); $("pad").classList.add("over"); };
$("pad").ondragleave = () => $("pad").classList.remove("over");
$("pad").ondrop = (event) => {
  event.preventDefault();
  $("pad").classList.remove("over");
  press("id-reader", { put: event.dataTransfer.getData("text/plain") });
};

async function look() {
  try {
    const [fresh, everyone, papers, others] = await Promise.all(
      ["/api/state", "/api/people", "/api/printer/papers", "/api/devices"].map((path) => ask(path)));
    if (JSON.stringify(everyone) !== JSON.stringify(people) || !state) {
      people = everyone;
      state = fresh;
      paintPeople();
    }
    paint(fresh);
    paintPapers(papers);
    paintOthers(others);
  } catch {
    $("link").textContent = "模拟器没有在运行";
    $("link").className = "pill off";
  }
  setTimeout(look, document.hidden ? 3000 : 600);
}
look();
