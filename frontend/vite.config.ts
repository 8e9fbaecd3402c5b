import { defineConfig } from "vite";

// Old phones matter: WeChat's kernel on Android lags behind Chrome, iOS is always WebKit.
const TARGET = ["es2020", "chrome87", "safari14"];

export default defineConfig({
  // Relative, so that the product can be mounted under any path of a host.
  base: "./",
  publicDir: false,
  build: {
    target: TARGET,
    cssTarget: ["chrome87", "safari14"],
    outDir: "../gridtrack/web/static/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    license: { fileName: "licenses.md" },
    reportCompressedSize: true,
    rolldownOptions: {
      input: {
        app: "src/app.ts",
        charts: "src/charts.ts",
        map: "src/map.ts",
        doors: "src/doors.ts",
        public: "src/public.ts",
        receipt: "src/receipt.ts",
        report: "src/report.ts",
        draw: "src/draw.ts",
        wall: "src/wall.ts",
        field: "src/field.ts",
        worker: "src/worker.ts",
        patrol: "src/patrol.ts",
      },
    },
  },
});
