package slipway.account;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;

/**
 * The names of one run in an account, and its slipway.yaml. They do not clash with those of another
 * run, nor with a Slipway that is there already.
 *
 * @param run letters and digits of this run alone, such as {@code 3f9c}
 * @param repository owner and name of a fork of this repository
 */
record AccountConfig(String run, String repository) {
  AccountConfig {
    if (!run.matches("[a-z0-9]{1,8}"))
      throw new IllegalArgumentException(
          "run is '%s': want 1 to 8 lower-case letters or digits".formatted(run));
    if (!repository.matches("[\\w.-]+/[\\w.-]+"))
      throw new IllegalArgumentException(
          "repository is '%s': want owner and name of your fork, such as you/slipway"
              .formatted(repository));
  }

  String stack() {
    return "slipway-it-" + run;
  }

  String branch() {
    return stack();
  }

  String service() {
    return "dice-" + run;
  }

  String tokenSecret() {
    return stack() + "/github-token";
  }

  Set<String> slos() {
    return Set.of(service() + " availability", service() + " latency");
  }

  /** Text of slipway.yaml. */
  String yaml() {
    try (var in = AccountConfig.class.getResourceAsStream("/slipway/account/slipway.yaml")) {
      var text = new String(in.readAllBytes(), UTF_8);
      for (var value :
          Map.of(
                  "stack", stack(),
                  "repository", repository,
                  "branch", branch(),
                  "tokenSecret", tokenSecret(),
                  "service", service())
              .entrySet()) text = text.replace("${" + value.getKey() + "}", value.getValue());
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the template of slipway.yaml", e);
    }
  }
}
