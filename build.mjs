// Copies the browser builds of our JavaScript libraries into static/vendor, where Django serves them,
// and the typeface of our papers into src/lutong/fonts, where typst finds it on a machine without any.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(fileURLToPath(import.meta.url));
const from = join(root, "node_modules");
const to = join(root, "src/lutong/site/static/vendor");

const scripts = {
  "htmx.org/dist/htmx.min.js": "htmx.min.js",
  "tus-js-client/dist/tus.min.js": "tus.min.js",
  "uqr/dist/index.mjs": "uqr.mjs",
  "qr/index.js": "qr/index.js",
  "qr/decode.js": "qr/decode.js",
  "@noble/ed25519/index.js": "ed25519.mjs",
  "sm-crypto-v2/dist/index.umd.js": "sm-crypto.js",
  "pdfjs-dist/legacy/build/pdf.min.mjs": "pdfjs/pdf.min.mjs",
  "pdfjs-dist/legacy/build/pdf.worker.min.mjs": "pdfjs/pdf.worker.min.mjs",
  "pdfjs-dist/legacy/web/pdf_viewer.mjs": "pdfjs/pdf_viewer.mjs",
};
// Character maps and fonts for PDF files that embed none, as many Chinese ones do; decoders for scans.
const folders = {
  "pdfjs-dist/cmaps": "pdfjs/cmaps",
  "pdfjs-dist/standard_fonts": "pdfjs/standard_fonts",
  "pdfjs-dist/wasm": "pdfjs/wasm",
};
const fonts = {
  "@expo-google-fonts/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf": "NotoSerifSC-Regular.ttf",
  "@expo-google-fonts/noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf": "NotoSerifSC-Bold.ttf",
};

rmSync(to, { recursive: true, force: true });
for (const [source, target] of Object.entries(scripts)) {
  mkdirSync(dirname(join(to, target)), { recursive: true });
  // Without its source map beside it, the reference would be a broken link.
  writeFileSync(join(to, target), readFileSync(join(from, source), "utf8").replace(/^\/\/# sourceMappingURL=.*$/gm, ""));
}
for (const [source, target] of Object.entries(folders)) {
  cpSync(join(from, source), join(to, target), { recursive: true });
}
for (const [source, target] of Object.entries(fonts)) {
  cpSync(join(from, source), join(root, "src/lutong/fonts", target));
}
