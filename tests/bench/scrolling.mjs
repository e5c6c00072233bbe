// What the gallery's measurement does in the page; each function is sent there by its text and stands alone.

/** Clicks on Gallery; milliseconds until tiles are painted, and until all pictures in sight are. */
export function openGallery(done) {
  const radio = [...document.querySelectorAll("input[type=radio]")].find((each) => /Gallery/.test(each.labels[0]?.innerText));
  const began = performance.now();
  let mounted;
  radio.click();
  const look = () => {
    const images = [...document.querySelectorAll("[role=gridcell] img")];
    // The frame in which they are found shows what the frame before has painted.
    if (images.length > 0) mounted ??= performance.now() - began;
    const { bottom } = document.querySelector("[role=grid]")?.getBoundingClientRect() ?? {};
    const seen = images.filter((image) => image.getBoundingClientRect().top < bottom);
    if (seen.length === 0 || !seen.every((image) => image.complete && image.naturalWidth)) return requestAnimationFrame(look);
    Promise.all(seen.map((image) => image.decode())).then(() =>
      requestAnimationFrame(() => requestAnimationFrame(() => done({ mounted, drawn: performance.now() - began }))),
    );
  };
  requestAnimationFrame(look);
}

/** Scrolls by `step` px a frame for so many milliseconds; frames, frames a second, the longest frame, the most tiles. */
export function scroll(selector, step, duration, done) {
  const box = document.querySelector(selector);
  const times = [];
  let [tiles, down] = [0, step];
  box.scrollTop = 0;
  const frame = () => {
    times.push(performance.now());
    if (times.at(-1) - times[0] >= duration) return done(found());
    if (box.scrollTop + box.clientHeight + Math.abs(step) > box.scrollHeight) down = -step;
    if (box.scrollTop < step) down = step;
    box.scrollTop += down;
    if (times.length % 8 === 0) tiles = Math.max(tiles, document.querySelectorAll("[role=gridcell]").length);
    requestAnimationFrame(frame);
  };
  const found = () => {
    const gaps = times.slice(1).map((time, at) => time - times[at]);
    return { frames: gaps.length, rate: (1000 * gaps.length) / (times.at(-1) - times[0]), longest: Math.max(...gaps), tiles };
  };
  requestAnimationFrame(frame);
}

/** Lays a grid without windowing over the gallery: a picture for each address, else plain boxes. Milliseconds. */
export function cover(count, addresses, done) {
  const under = document.querySelector("[role=grid]");
  const { left, top, width, height } = under.getBoundingClientRect();
  const columns = Number(under.ariaColCount);
  const side = Math.floor(under.clientWidth / columns);
  const over = document.createElement("div");
  over.id = "cover";
  Object.assign(over.style, { position: "fixed", left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
  Object.assign(over.style, { overflow: "hidden auto", display: "grid", gridAutoRows: `${side}px`, alignContent: "start" });
  over.style.gridTemplateColumns = `repeat(${columns}, ${side}px)`;
  under.style.visibility = "hidden";
  const began = performance.now();
  for (let at = 0; at < count; at++) {
    const tile = document.createElement(addresses ? "img" : "div");
    Object.assign(tile.style, { width: `${side - 8}px`, height: `${side - 8}px`, background: "gray", objectFit: "cover" });
    if (addresses) Object.assign(tile, { loading: "lazy", decoding: "async", src: addresses[at] });
    over.append(tile);
  }
  document.body.append(over);
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
}

/** Takes it away again. */
export function uncover(done) {
  document.querySelector("#cover").remove();
  document.querySelector("[role=grid]").style.visibility = "";
  requestAnimationFrame(() => done());
}

/** Fetches these addresses, so that their small forms are made. */
export function fetchAll(addresses, done) {
  const one = (address) => {
    const image = new Image();
    image.src = address;
    return image.decode();
  };
  Promise.all(addresses.map(one)).then(() => done(), (error) => done(String(error)));
}

/** Waits for the picture of this prompt on the stage; when it is on the screen (milliseconds since 1970), and its width. */
export function painted(prompt, done) {
  const look = () => {
    const image = document.querySelector(`[data-testid=cell][aria-label$="${prompt}"] img`);
    if (!image?.complete || !image.naturalWidth) return requestAnimationFrame(look);
    const seen = () => done({ at: performance.timeOrigin + performance.now(), width: image.naturalWidth });
    image.decode().then(() => requestAnimationFrame(() => requestAnimationFrame(seen)));
  };
  look();
}
