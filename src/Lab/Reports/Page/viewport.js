// The window of time that a canvas shows: wheel zooms, dragging moves, a double click shows all; what is under the pointer the drawing says itself.
function viewport(canvas, whole, { gutter = 0, draw, describe }) {
  // The width is asked for once for each drawing: a page answers that slowly, and a drawing needs it for every mark.
  let pending = false, drag = null, width = canvas.clientWidth;
  const view = {
    from: whole[0], to: whole[1],
    scale: () => Math.max(1, width - gutter) / (view.to - view.from),
    x: at => gutter + (at - view.from) * view.scale(),
    at: x => view.from + (x - gutter) / view.scale(),
    show(from, to) { [view.from, view.to] = [from, to]; view.redraw(); },
    whole: () => view.show(...whole),
    redraw() {
      if (pending) return;
      pending = true;
      requestAnimationFrame(() => { pending = false; draw(prepare()); });
    },
  };

  // Sharp on every screen: as many pixels as the screen has, drawn on in the page's own units.
  function prepare() {
    const ratio = devicePixelRatio || 1, c = canvas.getContext("2d");
    width = canvas.clientWidth;
    canvas.width = width * ratio;
    canvas.height = canvas.clientHeight * ratio;
    c.scale(ratio, ratio);
    c.font = "11px system-ui, 'DejaVu Sans', sans-serif";
    return c;
  }

  canvas.addEventListener("wheel", event => {
    event.preventDefault();
    const at = view.at(event.offsetX), factor = event.deltaY > 0 ? 1.25 : 0.8;
    if ((view.to - view.from) * factor < 1) return;
    view.show(Math.max(whole[0], at - (at - view.from) * factor), Math.min(whole[1], at + (view.to - at) * factor));
  }, { passive: false });
  canvas.addEventListener("pointerdown", event => {
    drag = { px: event.offsetX, from: view.from, to: view.to };
    canvas.setPointerCapture(event.pointerId);
    canvas.classList.add("dragging");
  });
  canvas.addEventListener("pointerup", () => { drag = null; canvas.classList.remove("dragging"); });
  canvas.addEventListener("pointerleave", event => showTip(event, ""));
  canvas.addEventListener("dblclick", view.whole);
  canvas.addEventListener("pointermove", event => {
    if (!drag) {
      showTip(event, describe(event.offsetX, event.offsetY));
      return;
    }
    const by = Math.max(whole[0] - drag.from, Math.min(whole[1] - drag.to, (drag.px - event.offsetX) / view.scale()));
    view.show(drag.from + by, drag.to + by);
  });
  new ResizeObserver(view.redraw).observe(canvas);
  for (const media of ["(prefers-color-scheme: dark)", "print"]) matchMedia(media).addEventListener("change", () => { pending = false; draw(prepare()); });
  return view;
}

// A window round a piece of a history, with some of what was before and after it.
function around(first, last) {
  const room = (last - first) * 0.2 + 100;
  return [first - room, last + room];
}

// The axis of time along the lower edge of a canvas.
function drawTime(c, view, { left = 0, top, bottom, width }) {
  const { marks, digits } = ticks(view.from, view.to, (width - left) / 110);
  c.strokeStyle = colour("line");
  c.fillStyle = colour("soft");
  c.lineWidth = 1;
  for (const at of marks) {
    if (view.x(at) < left) continue;
    c.beginPath();
    c.moveTo(view.x(at), top);
    c.lineTo(view.x(at), bottom);
    c.stroke();
    const text = seconds(at).toFixed(digits) + " s";
    c.fillText(text, Math.min(view.x(at) + 2, width - c.measureText(text).width - 4), bottom + 18);
  }
}
