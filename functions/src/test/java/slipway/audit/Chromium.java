package slipway.audit;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** The browser of this machine, without a window. */
final class Chromium {
  private Chromium() {}

  /**
   * Starts it; who gets it quits it.
   *
   * @param profile an empty folder
   */
  static ChromeDriver start(Path profile) {
    var options = new ChromeOptions();
    options.setBinary(found("slipway.chromium", "chromium", "chromium-browser", "google-chrome"));
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
        "--user-data-dir=" + profile);
    var logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    return new ChromeDriver(
        new ChromeDriverService.Builder()
            .usingDriverExecutable(found("slipway.chromedriver", "chromedriver"))
            .usingAnyFreePort()
            .build(),
        options);
  }

  private static File found(String property, String... names) {
    return Optional.ofNullable(System.getProperty(property))
        .map(Path::of)
        .or(() -> Arrays.stream(names).flatMap(Chromium::onPath).findFirst())
        .map(Path::toFile)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    ("no %s on the PATH: the audit's page is tested in a real browser, so install"
                            + " one (apt-get install chromium chromium-driver), or say where it is"
                            + " with -D%s=…")
                        .formatted(String.join(", ", names), property)));
  }

  private static Stream<Path> onPath(String name) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable);
  }

  /** A page of that size, as a device has it that looks at it. */
  static void size(ChromeDriver browser, int width, int height, boolean phone) {
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", phone));
  }

  /** What the person prefers: {@code light} or {@code dark}. */
  static void scheme(ChromeDriver browser, String scheme) {
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** What the person reads it on: {@code screen} or {@code print}. */
  static void medium(ChromeDriver browser, String medium) {
    browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", medium));
  }
}
