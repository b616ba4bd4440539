package slipway.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogType;
import slipway.config.Configs;
import slipway.config.Service;
import slipway.delivery.DeliveryFigures;
import slipway.json.Json;
import slipway.slo.KeyAttributes;
import slipway.slo.Objective;

/** The page of audits over a week, as people see it: in a real browser. */
class AuditPageTest {
  /** Pictures of it are left there. */
  private static final Path FOLDER = Path.of("target", "audit-page");

  @TempDir private static Path profile;
  private static ChromeDriver browser;
  private static String address = "";

  @BeforeAll
  static void open() throws IOException {
    Files.createDirectories(FOLDER);
    var file = FOLDER.resolve("latest.html");
    Files.writeString(file, week().kept.get("audits/latest.html"));
    address = file.toAbsolutePath().toUri().toString();
    browser = Chromium.start(profile);
  }

  @AfterAll
  static void close() {
    if (browser != null) browser.quit();
  }

  @BeforeEach
  void load() {
    Chromium.size(browser, 1200, 900, false);
    Chromium.scheme(browser, "light");
    browser.get(address);
  }

  /** Two services over a week of audits, every three hours; one budget is spent, one is nearly. */
  private static Stage week() {
    var stage = new Stage();
    stage.config = Configs.fromJson(Json.parse(AuditFunctionTest.resource("page.json")));
    stage.discovered.add(
        new KeyAttributes(Map.of("Type", "Service", "Name", "cards", "Environment", "production")));
    stage.figures.put(
        "dice",
        new DeliveryFigures(
            Duration.ofDays(28),
            31,
            28,
            Optional.of(Duration.ofMinutes(11)),
            3,
            Optional.of(Duration.ofMinutes(7))));
    stage.figures.put(
        "cards",
        new DeliveryFigures(
            Duration.ofDays(28), 6, 6, Optional.of(Duration.ofMinutes(14)), 0, Optional.empty()));
    for (int i = 0; i <= 56; i++) {
      stage.now = stage.now.plus(Duration.ofHours(3));
      stage.burnRates.clear();
      stage.ringing.clear();
      var spent = i < 20 ? 96 - i * 0.4 : i < 44 ? 88 - (i - 20) * 3.9 : -5.6 - (i - 44) * 0.9;
      put(stage, "dice", 0, spent, i > 43 ? 14.6 : 0.7);
      put(stage, "dice", 1, i < 30 ? 90 - i * 0.2 : 84 - (i - 30) * 1.6, 1.8);
      if (i < 12 || i > 18) put(stage, "cards", 0, 97 - i * 0.1 + (i % 5) * 0.3, 0.1);
      else noData(stage, "cards", 0);
      put(stage, "cards", 1, 100 - i * 0.05, 0);
      noData(stage, "cards", 2);
      if (i > 43)
        stage.ringing.put(slo(stage, "dice", 0).getKey(), List.of("slipway-dice-burn-fast"));
      stage.audit();
    }
    return stage;
  }

  private static Map.Entry<String, Objective> slo(Stage stage, String name, int index) {
    var service = service(stage, name);
    var slo = service.slos().get(index);
    return Map.entry(slo.name(), Objective.declared(slo, KeyAttributes.expected(service)));
  }

  private static Service service(Stage stage, String name) {
    return stage.config.services().stream()
        .filter(service -> service.name().value().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static void put(Stage stage, String service, int index, double left, double burn) {
    var slo = slo(stage, service, index);
    stage.has(
        new Budget(
            new Owned("arn:" + slo.getKey(), slo.getKey(), service),
            left <= 0 ? Status.EXHAUSTED : left < 50 ? Status.WARNING : Status.OK,
            OptionalDouble.of(99.9 + left / 1000),
            Optional.of(new Budget.Left("seconds", 604.8, 6.048 * left)),
            Optional.of(slo.getValue()),
            Optional.empty()));
    stage.burnRates.put(slo.getKey(), List.of(new Burn(60, burn), new Burn(360, burn / 2)));
  }

  private static void noData(Stage stage, String service, int index) {
    var name = slo(stage, service, index).getKey();
    stage.has(Budget.unknown(new Owned("arn:" + name, name, service), "not enough data yet"));
  }

  private static String text() {
    return browser.findElement(By.tagName("body")).getText();
  }

  private static WebElement card(String name) {
    return browser.findElements(By.cssSelector("article.slo")).stream()
        .filter(card -> card.findElement(By.tagName("h3")).getText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static double number(String script, Object... arguments) {
    var value = browser.executeScript(script, arguments);
    if (value instanceof Number number) return number.doubleValue();
    throw new AssertionError(script + " is " + value);
  }

  /** All of the page, however long it is. */
  private static void keepWhole(String name) throws IOException {
    int height = (int) number("return document.documentElement.scrollHeight");
    Chromium.size(browser, 1200, height, false);
    keep(name);
  }

  private static void keep(String name) throws IOException {
    Files.write(FOLDER.resolve(name), browser.getScreenshotAs(OutputType.BYTES));
  }

  @Test
  void theNumbersAreThere() {
    assertThat(
            browser.findElements(By.className("tile")).stream()
                .map(tile -> tile.getText().replace('\n', ' ')))
        .containsExactly("2 ok", "1 warning", "1 exhausted", "1 no data");
    assertThat(card("dice GET rolldice availability").getText())
        .contains(
            "exhausted",
            "−16.4 %",
            "of the budget overspent, 1 min 39 s",
            "▼ −0.9 points",
            "99.884 % of 99.9 %",
            "14.6 over 1 h",
            "7.3 over 6 h",
            "rings: slipway-dice-burn-fast",
            "GET /rolldice · goal 99.9 % over rolling 7 days");
    assertThat(text())
        .contains(
            "SLO AUDIT",
            "Delivery",
            "1 a day",
            "28 in 28 d",
            "9.7 %",
            "SLOs per Region: 5 of 250 used, 1 more declared",
            "cards GET hand availability of cards: declared, but does not exist",
            "Made once it can be measured. Application Signals has seen service cards in"
                + " production, but not its operations 'GET /hand'",
            "no runtime metrics");
  }

  /** {@code docs/audit.png} is this picture. */
  @Test
  void theTopOfThePageTellsMost() throws IOException {
    Chromium.size(browser, 1200, 1260, false);
    var last = browser.findElements(By.cssSelector("article.slo")).getLast();
    assertThat(number("return arguments[0].getBoundingClientRect().bottom", last))
        .isBetween(1000.0, 1260.0);
    keep("audit.png");
  }

  @Test
  void whatNeedsALookComesFirst() {
    assertThat(
            browser.findElements(By.cssSelector("section.service h2")).stream()
                .map(WebElement::getText))
        .containsExactly("dice", "cards");
    assertThat(
            browser.findElements(By.cssSelector("article.slo h3")).stream()
                .map(WebElement::getText))
        .first()
        .isEqualTo("dice GET rolldice availability");
  }

  @ParameterizedTest
  @CsvSource({"light, 0b766f, b3261e", "dark, 55c8ba, ff8f80"})
  void chartsAreReallyPainted(String scheme, String left, String spent) throws IOException {
    Chromium.scheme(browser, scheme);
    assertThat(browser.findElements(By.cssSelector("svg.chart"))).hasSize(4);
    assertThat(text()).contains("The chart begins with the second audit");
    for (var curve : browser.findElements(By.cssSelector("svg.chart polyline.curve")))
      assertThat(number("return arguments[0].getBoundingClientRect().width", curve))
          .isGreaterThan(15);
    var chart = card("dice GET rolldice availability").findElement(By.cssSelector("svg.chart"));
    var curve = chart.findElement(By.cssSelector("polyline.curve"));
    assertThat(number("return arguments[0].getBoundingClientRect().width", curve))
        .isGreaterThan(200);
    assertThat(number("return arguments[0].getBoundingClientRect().height", curve))
        .isGreaterThan(60);
    var picture = picture(chart);
    assertThat(pixels(picture, left)).as("budget left").isGreaterThan(200);
    assertThat(pixels(picture, spent)).as("budget overspent").isGreaterThan(30);
    keepWhole(scheme + ".png");
  }

  @Test
  void aChartMarksWhatChangedAndTellsItUnderAPointer() {
    var chart = card("dice GET rolldice availability").findElement(By.cssSelector("svg.chart"));
    assertThat(chart.getText()).contains("100 %", "50 %", "0 %", "−25 %", "UTC");
    assertThat(
            chart.findElements(By.cssSelector("g.mark-of title")).stream()
                .map(title -> title.getDomProperty("textContent")))
        .anyMatch(title -> title.startsWith("ok → warning, "))
        .anyMatch(title -> title.startsWith("warning → exhausted, −"))
        .anyMatch(title -> title.startsWith("exhausted, −16.4 % left at "));
    assertThat(chart.getDomAttribute("aria-label"))
        .startsWith("Budget left of dice GET rolldice availability from ");
  }

  @Test
  void aTimeWithoutDataIsAGap() {
    var chart = card("cards GET deck availability").findElement(By.cssSelector("svg.chart"));
    assertThat(chart.findElements(By.cssSelector("polyline.curve"))).hasSize(2);
  }

  @Test
  void aStateIsAShapeAndAWordBesideItsColour() {
    for (var state : browser.findElements(By.cssSelector(".state"))) {
      assertThat(state.getText()).isIn("ok", "warning", "exhausted", "no data");
      var icon = state.findElement(By.cssSelector("svg.icon"));
      assertThat(number("return arguments[0].getBoundingClientRect().width", icon))
          .isGreaterThan(10);
    }
  }

  @ParameterizedTest
  @CsvSource({"light", "dark"})
  void textCanBeReadOnItsBackground(String scheme) {
    Chromium.scheme(browser, scheme);
    for (var css : List.of("h1", ".soft", ".ok .state, .state.ok", ".state.exhausted", ".rings"))
      assertThat(contrast(browser.findElement(By.cssSelector(css))))
          .as("%s in %s; WCAG AA wants 4.5", css, scheme)
          .isGreaterThanOrEqualTo(4.5);
  }

  @Test
  void onAPhoneNothingIsWiderThanTheScreen() throws IOException {
    Chromium.size(browser, 360, 740, true);
    browser.get(address);
    assertThat(number("return document.documentElement.clientWidth")).isEqualTo(360);
    assertThat(number("return document.documentElement.scrollWidth")).isLessThanOrEqualTo(360);
    var chart = browser.findElement(By.cssSelector("svg.chart"));
    assertThat(number("return arguments[0].getBoundingClientRect().width", chart))
        .isBetween(250.0, 340.0);
    keep("phone.png");
  }

  @Test
  void onPaperItIsBlackOnWhite() {
    Chromium.medium(browser, "print");
    assertThat(browser.executeScript("return getComputedStyle(document.body).backgroundColor"))
        .isEqualTo("rgb(255, 255, 255)");
    Chromium.medium(browser, "screen");
  }

  @Test
  void itNeedsNothingElseAndComplainsOfNothing() {
    browser.manage().logs().get(LogType.PERFORMANCE);
    browser.get(address);
    assertThat(number("return document.scripts.length")).isZero();
    var asked = new ArrayList<String>();
    for (var line : browser.manage().logs().get(LogType.PERFORMANCE).getAll()) {
      var message = Json.parse(line.getMessage()).at("message");
      if (message.at("method").text().equals("Network.requestWillBeSent"))
        asked.add(message.at("params").at("request").at("url").text());
    }
    assertThat(asked).filteredOn(url -> !url.startsWith("data:")).containsExactly(address);
    assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
  }

  private static BufferedImage picture(WebElement element) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(element.getScreenshotAs(OutputType.BYTES)));
  }

  /** How many pixels have about that colour. */
  private static int pixels(BufferedImage picture, String hex) {
    var wanted = new Color(Integer.parseInt(hex, 16));
    int found = 0;
    for (int x = 0; x < picture.getWidth(); x++)
      for (int y = 0; y < picture.getHeight(); y++) {
        var pixel = new Color(picture.getRGB(x, y));
        if (Math.abs(pixel.getRed() - wanted.getRed()) < 24
            && Math.abs(pixel.getGreen() - wanted.getGreen()) < 24
            && Math.abs(pixel.getBlue() - wanted.getBlue()) < 24) found++;
      }
    return found;
  }

  /** Source: WCAG 2.2, contrast ratio; the background is that of the nearest box that has one. */
  private static double contrast(WebElement element) {
    return number(
        """
        const lum = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number)
          .map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
          return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
        let box = arguments[0];
        while (getComputedStyle(box).backgroundColor === 'rgba(0, 0, 0, 0)') box = box.parentElement;
        const a = lum(getComputedStyle(arguments[0]).color);
        const b = lum(getComputedStyle(box).backgroundColor);
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        """,
        element);
  }
}
