// Explorers without Python: each picture was drawn beforehand, one for each choice of values.
for (const explorer of document.querySelectorAll(".explorer")) {
    const sentences = JSON.parse(explorer.querySelector("script").textContent);
    const knobs = [...explorer.querySelectorAll(".knob")];
    const image = explorer.querySelector("img"), said = explorer.querySelector("[role=status]");
    const values = () => knobs.map(knob => +knob.querySelector("[type=range], :checked").value);
    const size = knob => +knob.dataset.size;
    const number = values => values.reduce((sum, value, k) => sum * size(knobs[k]) + value, 0);
    const fetched = (number, fetchPriority = "high") => {
        const picture = Object.assign(new Image(), {fetchPriority});
        picture.src = image.src.replace(/\d+(?=\.webp$)/, number);
        return picture;
    };

    async function show() {
        for (const knob of knobs.filter(knob => knob.dataset.called)) {
            const input = knob.querySelector("input"), called = JSON.parse(knob.dataset.called);
            knob.querySelector(".value").textContent = called[input.value];
            input.setAttribute("aria-valuetext", called[input.value]);
        }
        const wanted = number(values()), picture = fetched(wanted);
        const came = await picture.decode().then(() => true, () => false);
        if (wanted !== number(values())) return; // moved on while it came
        if (came) Object.assign(image, {src: picture.src, alt: sentences[wanted]});
        said.textContent = came ? sentences[wanted]
            : "This picture could not be fetched. The one shown is that of the values before.";
    }

    // A knob that is about to be moved: fetch what it can show, the nearest first.
    function ahead(knob) {
        const at = values(), k = knobs.indexOf(knob), row = [...Array(size(knob)).keys()];
        row.sort((a, b) => Math.abs(a - at[k]) - Math.abs(b - at[k]));
        row.slice(0, 9).forEach(value => fetched(number(at.with(k, value)), "low"));
    }

    for (const knob of knobs) {
        knob.addEventListener("input", () => show().then(() => ahead(knob)));
        knob.addEventListener("focusin", () => ahead(knob));
        knob.addEventListener("pointerenter", () => ahead(knob));
        knob.addEventListener("keydown", event => { // on slides these keys turn the page
            if (!window.Reveal || !/^Page/.test(event.key)) return;
            event.preventDefault();
            event.target.blur(); // and the deck hears them
        });
    }
}
