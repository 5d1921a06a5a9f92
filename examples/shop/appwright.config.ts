import { defineConfig, Platform } from "appwright";

export default defineConfig({
  testDir: "./tests",
  projects: [
    {
      name: "android",
      use: {
        platform: Platform.ANDROID,
        device: { provider: "emulator" },
        buildPath: "builds/shop-2.0.0.apk",
        expectTimeout: 10_000, // ms
      },
    },
  ],
});
