import { defineConfig, Platform } from "appwright";

export default defineConfig({
  testDir: "./tests",
  reporter: "list", // Appwright's default opens an HTML report, and the process never ends
  projects: [
    {
      name: "android",
      use: {
        platform: Platform.ANDROID,
        device: { provider: "emulator" },
        buildPath: "node_modules/android-apidemos/apks/ApiDemos-debug.apk",
        expectTimeout: 10_000, // ms
      },
    },
  ],
});
