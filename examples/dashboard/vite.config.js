import { defineConfig } from 'vite';

// The page must open from a folder as well (file://), where browsers load neither modules nor JSON: one plain script.
// Nothing is loaded but what lies beside the page, and the browser is told to see to it.
const policy = [
  "default-src 'none'",
  "script-src 'self' file:",
  "style-src 'self' file: 'unsafe-inline'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');
const plainScript = {
  name: 'plain-script',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (html) =>
      html
        .replace('<script type="module" crossorigin', '<script defer')
        .replace('<link rel="stylesheet" crossorigin', '<link rel="stylesheet"')
        .replace('<meta charset="utf-8">', `$&\n    <meta http-equiv="Content-Security-Policy" content="${policy}">`),
  },
};

export default defineConfig({
  base: './',
  plugins: [plainScript],
  build: { modulePreload: false, rollupOptions: { output: { format: 'iife' } } },
});
