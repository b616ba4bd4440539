package slipway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import slipway.config.Config;
import slipway.config.Configs;
import slipway.json.Json;

/** Events as AWS and GitHub send them, and a configuration that fits them. */
public final class Samples {
  /** What the samples are signed with. */
  public static final String SECRET = "It's a Secret to Everybody";

  /** The head of the sample push. */
  public static final String COMMIT = "a625406f6977d45c1391b078f4d3656e0b75bfcb";

  private Samples() {}

  /** The bytes of a file in resources/events. */
  public static byte[] event(String file) {
    return resource("/events/" + file);
  }

  private static byte[] resource(String path) {
    try (var in = Samples.class.getResourceAsStream(path)) {
      if (in == null) throw new IllegalArgumentException("no resource " + path);
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One service, dice, with two images: app and adot. */
  public static Config config() {
    return Configs.fromJson(Json.parse(text()));
  }

  /** Beside dice another service, cards, like it, but from another repository. */
  public static Config config(String cards) {
    var sample = Json.parse(text());
    var dice = sample.at("services").at("dice");
    var services = new LinkedHashMap<String, Object>();
    services.put("dice", dice.value());
    services.put("cards", Map.of("repository", cards, "containers", dice.at("containers").value()));
    var tree = new LinkedHashMap<String, Object>();
    sample.members().forEach((key, json) -> tree.put(key, json.value()));
    tree.put("services", services);
    return Configs.fromJson(Json.of(tree));
  }

  private static String text() {
    return new String(resource("/slipway-dice.json"), UTF_8);
  }
}
