"use strict";
// Everything a device wrote is data here and reaches the page as text only: no string is ever parsed as markup.
(() => {
  const MORE = 200;
  const MOST_PRINTED = 200;
  const data = JSON.parse(document.getElementById("data").textContent);
  const { words, strings } = data;
  const said = (number) => strings[number] ?? "";
  const byId = (id) => document.getElementById(id);

  const make = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes ?? {})) {
      if (value !== "" && value !== undefined && value !== null) element.setAttribute(name, value);
    }
    element.append(...children.filter((child) => child !== "" && child !== undefined && child !== null));
    return element;
  };
  const small = (text) => (text ? make("small", {}, text) : "");
  const verdict = (standing, text) => make("span", { class: `verdict is-${standing}` }, text);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  // A device as the table and its page need it; the places are those of page_data.py.
  const view = (number) => {
    const [standing, called, address, order, maker, key, certainty, next, due, video] = data.devices[number];
    const location = said(data.devices[number][18]);
    return { number, standing: data.standings[standing], rank: standing, called: said(called), address: said(address),
      order, maker: said(maker), key: said(key), certainty: data.certainties[certainty], next: said(next),
      due: said(due), video, location };
  };

  // A table that shows its rows in portions, sorted and filtered without touching those that do not show.
  const list = (table, rows, cells, after) => {
    const body = table.tBodies[0];
    const more = make("button", { type: "button", class: "more" });
    table.after(more);
    let current = rows;
    let shown = 0;
    const extend = (number) => {
      body.append(...current.slice(shown, shown + number).map(cells));
      shown = Math.min(shown + number, current.length);
      more.hidden = shown >= current.length;
      more.textContent = fill(words.show_more, { n: current.length - shown });
    };
    more.addEventListener("click", () => {
      const first = shown;
      extend(MORE);
      body.rows[first]?.querySelector("a")?.focus();
    });
    const show = (chosen) => {
      current = chosen;
      shown = 0;
      body.replaceChildren();
      extend(MORE);
      after?.(current.length);
    };
    return { show, extend, current: () => current, shown: () => shown };
  };

  const cell = (tag, label, attributes, ...children) =>
    make(tag, { role: tag === "th" ? "rowheader" : "cell", scope: tag === "th" ? "row" : "", "data-label": label,
      ...attributes }, ...children);

  const deviceRow = (v) =>
    make("tr", { role: "row", "data-verdict": v.standing },
      cell("td", words.verdict, {}, verdict(v.standing, words.verdicts[v.standing])),
      cell("th", words.device, {}, make("a", { href: `#device-${v.number + 1}` }, v.called)),
      cell("td", words.address, {}, make("span", { class: "code" }, v.address), small(v.location)),
      cell("td", words.maker, {}, v.maker || words.not_known, v.maker ? small(words.certainties[v.certainty]) : ""),
      cell("td", words.next_step, {}, v.next || words.no_day),
      cell("td", words.due, { class: "date" }, v.due || words.no_day));

  let devices = null;
  const table = document.querySelector("table.sortable");
  const form = byId("filter");
  if (table && form) {
    const views = data.devices.map((_, number) => view(number)).filter((v) => v.video);
    for (const v of views) {
      v.text = `${v.called} ${v.address} ${v.maker} ${words.certainties[v.certainty]} ${v.next} ${v.due} ${v.location} `
        + `${words.verdicts[v.standing]}`;
      v.text = v.text.toLowerCase();
    }
    const status = byId("shown");
    devices = list(table, views, deviceRow, (number) => {
      status.textContent = fill(status.dataset.text, { n: number, total: views.length });
    });
    const text = byId("filter-text");
    const selects = [...form.querySelectorAll("select")];
    const value = { verdict: (v) => v.standing, maker: (v) => v.key, certainty: (v) => v.certainty };
    const filter = () => {
      const sought = text.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
      const wanted = selects.filter((s) => s.value).map((s) => [value[s.dataset.filter], s.value]);
      devices.show(views.filter((v) =>
        wanted.every(([read, chosen]) => read(v) === chosen) && sought.every((word) => v.text.includes(word))));
    };
    form.hidden = false;
    form.addEventListener("input", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
    const keys = [(v) => v.rank, (v) => v.called, (v) => v.order, (v) => v.maker, (v) => v.next, (v) => v.due || "9"];
    const compare = (a, b) => (typeof a === "number" ? a - b : collator.compare(a, b));
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = make("button", { type: "button", title: head.dataset.sortLabel }, head.textContent);
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const sign = down ? -1 : 1;
        views.sort((a, b) => sign * compare(keys[column](a), keys[column](b)));
        filter();
      });
    });
    filter();
  }

  // The page of one device.
  const section = (title, ...children) => [make("h3", {}, title), ...children];
  const heads = (names) => make("thead", {}, make("tr", {}, ...names.map(([name, kind]) =>
    make("th", { scope: "col", class: kind }, name))));
  const wide = (label, ...children) =>
    make("div", { class: "wide", role: "region", tabindex: "0", "aria-label": label }, ...children);

  const findingOf = (number) => {
    const [state, word, title, policy, reason, question, waiver, cited, answers] = data.findings[number];
    const cites = cited.map((each) => {
      const [name, citation, binds, asks, known, documents] = data.instruments[each].map(said);
      return make("li", {}, make("a", { href: data.linked.instruments ? `#instrument-${each + 1}` : "" }, name), `, ${citation}`,
        small(binds), small(asks), small(known), small(documents));
    });
    const line = (kind, n) => (said(n) ? make("p", { class: kind }, said(n)) : "");
    return make("article", { class: `finding is-${said(state)}` },
      make("h4", {}, verdict(said(state), said(word)), ` ${said(title)} `, small(said(policy))),
      line("reason", reason), line("question", question), line("waiver", waiver),
      answers.length ? make("dl", { class: "facts long answers" }, ...answers.map(([label, text]) =>
        make("div", {}, make("dt", {}, said(label)), make("dd", {}, said(text))))) : "",
      cites.length ? make("ul", { class: "cites" }, ...cites) : "");
  };

  const ledgerRow = (number) => {
    const [channel, described, excerpt, claim, sign, weight, state, counted] = data.rows[number];
    const name = said(data.signs[sign]);
    return make("tr", { class: `is-${said(state)}` },
      make("th", { scope: "row" }, `${said(channel)} `, small(said(described))),
      make("td", { class: "said" }, make("q", {}, said(excerpt))),
      make("td", {}, said(claim)),
      make("td", { class: "code" }, make("a", { href: `#sign-${sign + 1}` }, name)),
      make("td", { class: "number" }, said(weight)),
      make("td", {}, said(counted)));
  };

  const pageOf = (number) => {
    const v = view(number);
    const [relation, facts, rows, findings, weak, next, against, steps] = data.devices[number].slice(10);
    const anchor = `device-${number + 1}`;
    const list = (items) => make("ul", {}, ...items.map((n) => make("li", {}, said(n))));
    const page = make("article", { class: "device", "aria-labelledby": `${anchor}-title` },
      make("h2", { id: `${anchor}-title`, tabindex: "-1" }, `${v.called} `, make("span", { class: "code" }, v.address)),
      make("p", {}, verdict(v.standing, words.verdicts[v.standing])),
      ...section(words.identity, make("p", { class: "relation" }, said(relation)),
        make("dl", { class: "facts" }, ...facts.map((fact, place) => (fact === -1 ? "" :
          make("div", {}, make("dt", {}, words.facts[place]), make("dd", {}, said(fact) || words.not_known)))))));
    if (steps.length) {
      page.append(...section(words.plan, make("ul", {}, ...steps.map((n) =>
        make("li", {}, make("a", { href: data.linked.plan ? `#step-${n}` : "" }, said(data.steps[n])))))));
    }
    if (findings.length) page.append(...section(words.findings, ...findings.map(findingOf)));
    if (weak.length) {
      page.append(...section(words.vulnerabilities, make("ul", { class: "weak" }, ...weak.map((n) => {
        const [status, id, title, exploited, how] = data.weak[n].map(said);
        return make("li", {}, make("strong", {}, status), ": ", make("span", { class: "code" }, id), `. ${title} `,
          exploited ? make("strong", {}, exploited) : "", small(how));
      }))));
    }
    if (said(next)) page.append(...section(words.surer, make("p", {}, said(next))));
    if (data.linked.signs || words.withheld) page.append(...section(words.evidence, rows.length
      ? wide(`${words.evidence}: ${v.called} ${v.address}`, make("table", { class: "ledger" },
          make("caption", { class: "unseen" }, words.evidence), heads(words.ledger),
          make("tbody", {}, ...rows.map(ledgerRow))))
      : make("p", {}, words.no_evidence)));
    if (against.length) page.append(...section(words.contradictions, list(against)));
    return page;
  };

  const main = document.querySelector("main");
  const one = byId("device-page");
  const holder = byId("device-holder");
  const open = () => {
    const name = decodeURIComponent(location.hash.slice(1));
    const number = /^device-(\d+)$/.exec(name)?.[1] - 1;
    const isDevice = number >= 0 && number < data.devices.length;
    main.classList.toggle("is-one", isDevice);
    one.hidden = !isDevice;
    if (isDevice) {
      holder.replaceChildren(pageOf(number));
      scrollTo(0, 0);
      holder.querySelector("h2").focus({ preventScroll: true });
      return;
    }
    const target = name && byId(name);
    if (!target) return;
    for (let each = target; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", open);

  // What else answered, and what was asked of each address: filled in when somebody opens it.
  const lazily = (id, rows, cells) => {
    const box = byId(id);
    box?.addEventListener("toggle", () => {
      if (!box.dataset.filled) {
        box.dataset.filled = "yes";
        list(box.querySelector("table"), rows, cells).show(rows);
      }
    });
  };
  lazily("others-list", data.devices.map((_, n) => n).filter((n) => !data.devices[n][9]), (n) => {
    const v = view(n);
    const facts = data.devices[n][11];
    return make("tr", {}, make("th", { scope: "row", class: "code" }, make("a", { href: `#device-${n + 1}` }, v.address)),
      make("td", { class: "code" }, said(facts[data.mac]) || words.not_known),
      make("td", {}, v.maker || words.not_known), make("td", {}, said(facts[data.kind])));
  });
  lazily("hosts-list", data.hosts, ([address, outcome, probes, notes]) =>
    make("tr", {}, make("th", { scope: "row", class: "code" }, said(address)), make("td", {}, said(outcome)),
      make("td", {}, ...data.probes[probes].map((n) => make("span", { class: "probe" }, said(n)))),
      make("td", {}, said(notes))));

  // On paper every device of a small site has its page; of a large one the table goes as far as paper bears it.
  const closed = [];
  const printed = byId("printed");
  addEventListener("beforeprint", () => {
    for (const each of document.querySelectorAll("details:not([open])")) {
      closed.push(each);
      each.open = true;
    }
    if (main.classList.contains("is-one") || !devices) return;
    devices.extend(Math.max(0, 1000 - devices.shown()));
    const chosen = devices.current().map((v) => v.number);
    if (chosen.length <= MOST_PRINTED) printed.replaceChildren(...chosen.map(pageOf));
  });
  addEventListener("afterprint", () => {
    while (closed.length) closed.pop().open = false;
    printed.replaceChildren();
  });
  open();
})();
