// A folded figure runs when it is opened for the first time; until then its module is packed.

for (const folded of document.querySelectorAll("details.folded-figure:not([data-ready])")) {
  folded.dataset.ready = "";
  const open = async () => {
    const packed = Uint8Array.from(atob(folded.dataset.module), (letter) => letter.charCodeAt(0));
    const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = document.createElement("script");
    script.type = "module";
    script.textContent = await new Response(unpacked).text();
    const host = folded.querySelector(".course-figure");
    host.dataset.figure = host.dataset.folded;
    folded.append(script);
  };
  folded.addEventListener("toggle", open, { once: true });
}
