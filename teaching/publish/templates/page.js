// What the pages do by script: a dark switch, a search, buttons that copy, and a mark at the
// part that is being read. Without it these are not there, and all else works.
const site = new URL(".", document.currentScript.src);
const root = document.documentElement;

function make(tag, properties, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
}

// Colours are the system's, or the other ones: noted, if the browser allows it.
const NOTE = "rnn-course-colours";
const system = matchMedia("(prefers-color-scheme: dark)");
try { root.style.colorScheme = localStorage.getItem(NOTE); } catch { /* not allowed */ }

function startSwitch(button) {
    const show = () => button.setAttribute("aria-pressed", system.matches === !root.style.colorScheme);
    button.addEventListener("click", () => {
        root.style.colorScheme = root.style.colorScheme ? "" : system.matches ? "light" : "dark";
        try { localStorage.setItem(NOTE, root.style.colorScheme); } catch { /* not allowed */ }
        show();
    });
    system.addEventListener("change", show);
    show();
    button.hidden = false;
}

// The entries that have all words, or their beginnings. First are those that have them in the
// title, or else in its place, and of equals this page's. Each with a piece of its text.
const fold = (text) => text.toLowerCase().replaceAll("z", "s"); // initialization, too
function find(query) {
    const words = fold(query).split(/\s+/).filter(Boolean);
    const starts = words.map((word) => RegExp("(?<![a-z0-9])" + word.replace(/\W/g, "\\$&")));
    const count = (text) => starts.filter((start) => start.test(fold(text))).length;
    const here = location.href.split("#")[0];
    const rank = ([title, where, address]) =>
        count(title) + count(`${title} ${where}`) + address.startsWith(here) / 2;
    return ENTRIES.map(([title, where, address, text]) => [title, where, new URL(address, site).href, text])
        .filter((entry) => words.length && count(entry.join(" ")) === words.length)
        .sort((one, other) => rank(other) - rank(one))
        .map(([title, where, address, text]) => {
            const from = count(title) ? 0 : Math.max(0, fold(text).search(starts[0]) - 20);
            const piece = text.slice(from && text.lastIndexOf(" ", from) + 1);
            return [title, where, address, (from ? "… " : "") + piece.replace(/^(.{90}\S*) .*/, "$1 …")];
        });
}

function startSearch(form) {
    const [input, status, list] = form.querySelectorAll("input, p, ol");
    const show = (found) => {
        status.textContent = input.value.trim() && `${found.length || "nothing"} found`;
        list.replaceChildren(...found.slice(0, 12).map(([title, where, address, text]) =>
            make("li", {}, make("a", { href: address },
                make("strong", {}, title), make("span", {}, where), make("small", {}, text)))));
    };
    const close = () => { status.textContent = ""; list.replaceChildren(); };
    input.addEventListener("focus", () => {
        const search = () => show(find(input.value));
        const index = make("script", { src: new URL("search.js", site) });
        index.addEventListener("load", () => { input.addEventListener("input", search); search(); });
        document.head.append(index);
    }, { once: true });
    form.addEventListener("submit", (event) => {
        event.preventDefault();
        list.querySelector("a")?.click();
    });
    form.addEventListener("keydown", (event) => {
        const stops = [input, ...list.querySelectorAll("a")];
        const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (event.key === "Escape") { close(); input.focus(); }
        if (move) { stops[stops.indexOf(event.target) + move]?.focus(); event.preventDefault(); }
    });
    list.addEventListener("click", close);
    for (const kind of ["click", "focusin"]) {
        document.addEventListener(kind, ({ target }) => form.contains(target) || close());
    }
    document.addEventListener("keydown", (event) => {
        if (event.key === "/" && !event.target.matches("[type=search], [type=text], textarea")) {
            event.preventDefault();
            input.focus();
        }
    });
    form.hidden = false;
}

function addCopyButton(code) {
    const button = make("button", { type: "button", className: "copy" }, "Copy");
    button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(code.textContent.trimEnd());
        button.textContent = "Copied";
    });
    const box = make("div", { className: "copied" });
    code.before(box);
    box.append(code, button);
}

function markWhatIsRead(links) {
    const places = links.map((link) => document.getElementById(link.hash.slice(1)));
    const mark = () => {
        const begun = places.filter((place) => place.getBoundingClientRect().top < 150).length;
        links.forEach((link) => link.removeAttribute("aria-current"));
        links[begun - 1]?.setAttribute("aria-current", "location");
    };
    addEventListener("scroll", mark, { passive: true });
    mark();
}

document.addEventListener("DOMContentLoaded", () => {
    const contents = document.getElementById("course");
    contents.addEventListener("click", ({ target }) => target.closest("a") && contents.hidePopover());
    startSwitch(document.querySelector(".dark"));
    startSearch(document.querySelector(".search"));
    if (navigator.clipboard) document.querySelectorAll("main pre:not(.printed)").forEach(addCopyButton);
    markWhatIsRead([...contents.querySelectorAll("ol a")]);
});
