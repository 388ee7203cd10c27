import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
    exclude: process.env["CHARTGEN_PROVE"] ? [] : ["test/proof/**"], // minutes of real time
    testTimeout: 60_000, // properties, and real parts
    restoreMocks: true,
    unstubGlobals: true,
  },
});
