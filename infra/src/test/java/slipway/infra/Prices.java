package slipway.infra;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;

/** List prices of AWS in US East (N. Virginia), in US dollars, without free tiers. */
record Prices(Map<String, Price> all) {
  private static final Path FILE = Path.of("src/test/resources/prices.csv");

  /**
   * A price.
   *
   * @param per what it is for
   * @param published date of AWS's price list or, where that is not told, of what quotes it or of
   *     reading it
   * @param source AWS's page for it
   * @param read where it was read: the page itself builds its tables in the browser
   */
  record Price(BigDecimal usd, String per, LocalDate published, URI source, String read) {
    BigDecimal of(double quantity) {
      return usd.multiply(BigDecimal.valueOf(quantity));
    }
  }

  static Prices read() {
    try {
      var all = new LinkedHashMap<String, Price>();
      for (var line : Files.readAllLines(FILE).stream().skip(1).toList()) {
        var fields = line.split(",", -1);
        if (fields.length != 6)
          throw new AssertionError(line + ": want key, usd, per, published, source and read");
        var price =
            new Price(
                new BigDecimal(fields[1]),
                fields[2],
                LocalDate.parse(fields[3]),
                URI.create(fields[4]),
                fields[5]);
        if (all.put(fields[0], price) != null) throw new AssertionError(line + ": is there twice");
      }
      return new Prices(all);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** So much of it. */
  BigDecimal of(String key, double quantity) {
    var price = all.get(key);
    if (price == null) throw new AssertionError(key + " is not in " + FILE);
    return price.of(quantity);
  }
}
