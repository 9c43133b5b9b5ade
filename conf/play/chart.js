// @ts-check
"use strict";

// A chart: axes, curves with their names at them, a line at the pointer, zoom by drag and pinch, and what it is saved as.
{
  const ROOM = { top: 10, right: 12, bottom: 34, left: 46 };
  const HIT = 28; // pixels between two names at the lines
  let count = 0;

  /** @type {(box: HTMLElement, options: ChartOptions) => Chart} */
  actdocs.chart = (box, { label, xLabel = "", yLabel = "", ratio = 16 / 9, onView, onPoint, logX, logY, wholeX }) => {
    const id = `chart-${(count += 1)}`;
    const root = d3.select(box).append("svg").attr("class", "chart").attr("role", "img").attr("aria-label", label);
    const svg = /** @type {SVGSVGElement} */ (root.node());
    const clip = root.append("clipPath").attr("id", id).append("rect");
    const shades = root.append("g").attr("class", "shades");
    const across = root.append("g").attr("class", "axis across");
    const up = root.append("g").attr("class", "axis up");
    const zero = root.append("path").attr("class", "zero");
    const curves = root.append("g").attr("class", "curves").attr("clip-path", `url(#${id})`);
    const names = root.append("g").attr("class", "names");
    const line = root.append("line").attr("class", "pointer").attr("visibility", "hidden");
    const dots = root.append("g").attr("class", "dots");
    const xName = root.append("text").attr("class", "label").attr("text-anchor", "end").text(xLabel);
    const yName = root.append("text").attr("class", "label").text(yLabel);

    /** @type {(log?: boolean) => Scale} */
    const scale = (log) => /** @type {Scale} */ (log ? d3.scaleLog() : d3.scaleLinear());
    const x = scale(logX);
    let y = scale(logY);
    let width = 0;
    let height = 0;
    /** @type {readonly Series[]} */
    let shown = [];
    /** @type {Parameters<Chart["draw"]>[1]} */
    let seen = { x: [0, 1], y: [0, 1] };
    /** @type {number | null} */
    let pointed = null;

    /** @param {Series} one */
    const styled = ({ light, dark, width: wide = 2 }) => `--light:${light};--dark:${dark};stroke-width:${wide}`;

    /**
     * A number at an axis.
     * @param {number | { valueOf(): number }} value
     */
    const tick = (value) => actdocs.controls.shown(Number(value), 8);
    /**
     * @param {Axis} axis
     * @param {number} steps
     */
    const marked = (axis, steps) => ("base" in axis.scale() ? axis.ticks(steps, tick) : axis.ticks(steps).tickFormat(tick));

    function paint() {
      width = box.clientWidth;
      if (!width) return;
      height = Math.round(Math.max(180, Math.min(width / ratio, 460)));
      root.attr("viewBox", `0 0 ${width} ${height}`).attr("width", width).attr("height", height);
      const [left, right, top, bottom] = [ROOM.left, width - ROOM.right, ROOM.top, height - ROOM.bottom];
      if ((seen.logY ?? logY) !== "base" in y) y = scale(seen.logY ?? logY);
      x.domain(seen.x).range([left, right]);
      y.domain(seen.y).range([bottom, top]);
      clip.attr("x", left).attr("y", top).attr("width", right - left).attr("height", bottom - top);
      const steps = Math.max(3, Math.min(9, Math.floor(width / 80)));
      const bottomAxis = marked(d3.axisBottom(x), steps);
      if (wholeX) bottomAxis.tickValues(x.ticks(steps).filter(Number.isInteger));
      across.attr("transform", `translate(0,${bottom})`).call(bottomAxis.tickSize(top - bottom).tickPadding(8));
      up.attr("transform", `translate(${left},0)`).call(marked(d3.axisLeft(y), "base" in y ? 4 : 5).tickSize(left - right).tickPadding(6));
      /** @param {Interval} ends */
      const within = ([a, b]) => a < 0 && b > 0;
      zero.attr("d", [
        !logX && within(seen.x) ? `M${x(0)},${top}V${bottom}` : "",
        !("base" in y) && within(seen.y) ? `M${left},${y(0)}H${right}` : "",
      ].join(""));
      xName.attr("x", right).attr("y", height - 2);
      yName.attr("x", 2).attr("y", top + 2);
      shades.selectAll("rect").data(seen.shade ?? []).join("rect").attr("y", top).attr("height", bottom - top)
        .attr("x", ([a]) => Math.max(left, x(a)))
        .attr("width", ([a, b]) => Math.max(0, Math.min(right, x(b)) - Math.max(left, x(a))));
      curves.selectAll("path").data(shown).join("path")
        .attr("class", (one) => (one.to ? "band" : "curve"))
        .attr("style", styled)
        .attr("stroke-dasharray", (one) => one.dash || null)
        .attr("d", path);
      label_lines(right, top, bottom);
      point(pointed);
    }

    /** @param {Series} one */
    function path({ x: places, y: values, to }) {
      const index = d3.range(places.length);
      // A number far outside the view is an overflow in some browsers' drawing.
      /** @param {number} value */
      const down = (value) => Math.max(-2e4, Math.min(2e4, y(value)));
      const whole = "base" in y ? (/** @type {number} */ value) => value > 0 && Number.isFinite(value) : Number.isFinite;
      if (!to) {
        return d3.line((/** @type {number} */ k) => x(places[k]), (k) => down(values[k])).defined((k) => whole(values[k]))(index);
      }
      return d3.area((/** @type {number} */ k) => x(places[k]), (k) => down(values[k]), (k) => down(to[k]))
        .defined((k) => whole(values[k]) && whole(to[k]))(index);
    }

    /**
     * Names where the curves leave the chart on the right, apart from each other.
     * @param {number} right
     * @param {number} top
     * @param {number} bottom
     */
    function label_lines(right, top, bottom) {
      const rows = shown.filter((one) => one.label).map((one) => {
        let k = one.x.length - 1;
        while (k > 0 && !(Number.isFinite(one.y[k]) && one.x[k] <= seen.x[1] && y(one.y[k]) >= top && y(one.y[k]) <= bottom)) k -= 1;
        return { one, x: Math.min(right, x(one.x[k])), y: k ? y(one.y[k]) : bottom };
      }).sort((a, b) => a.y - b.y);
      let last = -Infinity;
      for (const row of rows) {
        row.y = last = Math.max(row.y - 5, last + HIT / 2, top + 10);
      }
      let next = bottom + HIT / 2;
      for (const row of rows.reverse()) next = row.y = Math.min(row.y, next - HIT / 2);
      names.selectAll("text").data(rows).join("text").attr("style", ({ one }) => styled(one)).attr("text-anchor", "end")
        .attr("x", (row) => row.x - 4).attr("y", (row) => row.y).text(({ one }) => one.label ?? "");
    }

    /** @type {Chart["point"]} */
    function point(at) {
      pointed = at;
      const inside = at !== null && at >= seen.x[0] && at <= seen.x[1];
      line.attr("visibility", inside ? "visible" : "hidden");
      const met = !inside ? [] : shown.filter((one) => !one.to && one.label).flatMap((one) => {
        const k = d3.bisectCenter(/** @type {number[]} */ (one.x), at);
        const [low, high] = seen.y;
        return one.y[k] >= low && one.y[k] <= high ? [{ one, k }] : [];
      });
      if (inside) line.attr("x1", x(at)).attr("x2", x(at)).attr("y1", ROOM.top).attr("y2", height - ROOM.bottom);
      dots.selectAll("circle").data(met).join("circle").attr("r", 4).attr("style", ({ one }) => styled(one))
        .attr("cx", ({ one, k }) => x(one.x[k])).attr("cy", ({ one, k }) => y(one.y[k]));
    }

    if (onView) {
      let [fromX, fromY] = [x, y];
      const zoom = /** @type {Zoom} */ (d3.zoom())
        // The wheel scrolls the page and one finger too, unless Ctrl or a second finger says otherwise.
        .filter((/** @type {any} */ event) => (event.type === "wheel" ? event.ctrlKey || event.metaKey : event.touches ? event.touches.length > 1 : !event.button))
        .on("start", () => void ([fromX, fromY] = [x.copy(), y.copy()]))
        .on("zoom", (/** @type {any} */ { transform }) => {
          const [nextX, nextY] = [transform.rescaleX(fromX).domain(), transform.rescaleY(fromY).domain()];
          onView(/** @type {Interval} */ (nextX), /** @type {Interval} */ (nextY));
        })
        .on("end", () => void Object.assign(svg, { __zoom: d3.zoomIdentity }));
      root.call(zoom).on("dblclick.zoom", null).classed("movable", true);
    }
    if (onPoint) {
      root.on("pointermove", (event) => {
        const at = x.invert(d3.pointer(event, svg)[0]);
        onPoint(at >= seen.x[0] && at <= seen.x[1] ? at : null);
      }).on("pointerleave", () => onPoint(null));
    }
    const watcher = new ResizeObserver(() => box.clientWidth !== width && paint());
    watcher.observe(box);

    const PROPERTIES = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "fill-opacity", "font-family", "font-size", "font-weight", "visibility"];
    function toSvg() {
      const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
      const originals = svg.querySelectorAll("*");
      copy.querySelectorAll("*").forEach((node, k) => {
        const style = getComputedStyle(originals[k]);
        node.removeAttribute("class");
        node.setAttribute("style", PROPERTIES.map((name) => `${name}:${style.getPropertyValue(name)}`).join(";"));
      });
      copy.removeAttribute("class");
      copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
      copy.setAttribute("style", `background:${getComputedStyle(document.body).backgroundColor}`);
      return new XMLSerializer().serializeToString(copy);
    }

    return {
      svg,
      draw(series, view) {
        [shown, seen] = [series, view];
        paint();
      },
      point,
      toSvg,
      async toPng() {
        const picture = new Image();
        picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(toSvg())}`;
        await picture.decode();
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [2 * width, 2 * height];
        const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
        context.fillStyle = getComputedStyle(document.body).backgroundColor;
        context.fillRect(0, 0, canvas.width, canvas.height);
        context.drawImage(picture, 0, 0, canvas.width, canvas.height);
        return new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(Error("no picture"))), "image/png"));
      },
      remove() {
        watcher.disconnect();
        root.remove();
      },
    };
  };
}
