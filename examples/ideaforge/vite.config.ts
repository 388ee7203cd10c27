import react from "@vitejs/plugin-react";
import { chartgen } from "chartgen-client/vite";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react(), chartgen({ reader: "/src/lib/job-config.ts" })],
  // The client is a link to its own folder, which has a React for its tests: a page can have one alone.
  resolve: { dedupe: ["react"] },
  server: { proxy: { "/api": "http://127.0.0.1:8000" } },
});
