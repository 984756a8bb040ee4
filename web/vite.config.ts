// Builds the console's and the porch's assets into Django's static files, with a manifest that django-vite reads.
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";

export default defineConfig({
  // Relative, so that the files work under any STATIC_URL.
  base: "./",
  plugins: [tailwindcss()],
  worker: { format: "es" },
  build: {
    outDir: "../src/haitang/console/static/haitang",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: ["chrome107", "firefox115", "safari16"],
    // A data: URL would not be hashed, cached or allowed by every policy: everything is a file.
    assetsInlineLimit: 0,
    // The polyfill is an import, and theme.js must stay a classic script without one.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      input: { console: "src/console.ts", map: "src/map.ts", theme: "src/theme.ts" },
    },
  },
});
