package slipway.local.balancer;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import slipway.json.Json;

/** A listener: what happens by default, and its rules by priority. */
final class Listener {
  private final Map<String, Rule> rules = new ConcurrentHashMap<>();
  private volatile Json properties;

  /** A rule of the template; only path patterns are played. */
  record Rule(int priority, List<Pattern> paths, Json action) {
    static Rule of(Json properties) {
      var paths =
          properties.at("Conditions").items().stream()
              .filter(
                  condition -> {
                    if (condition.at("Field").text().equals("path-pattern")) return true;
                    throw condition.at("Field").unexpected("path-pattern: local plays no other");
                  })
              .flatMap(c -> values(c).stream())
              .map(value -> Pattern.compile(glob(value.text())))
              .toList();
      var priority = Integer.parseInt(String.valueOf(properties.at("Priority").value()));
      return new Rule(priority, paths, properties.at("Actions").items().getFirst());
    }

    private static List<Json> values(Json condition) {
      var values = condition.at("PathPatternConfig").at("Values");
      return (values.missing() ? condition.at("Values") : values).items();
    }

    private static String glob(String pattern) {
      var regex = new StringBuilder();
      for (char c : pattern.toCharArray())
        regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote("" + c));
      return regex.toString();
    }
  }

  Listener(Json properties) {
    this.properties = properties;
  }

  /** Changes what happens by default. */
  void become(Json changed) {
    properties = changed;
  }

  /** Of the load balancer, as the template has it; this machine's is another. */
  int port() {
    var port = properties.at("Port");
    return port.missing() ? 80 : Integer.parseInt(String.valueOf(port.value()));
  }

  String protocol() {
    return properties.at("Protocol").optionalText().orElse("HTTP");
  }

  /** The versions of TLS that it takes. */
  List<String> tls() {
    if (properties.at("Certificates").items().isEmpty())
      throw new IllegalStateException(
          "A certificate must be specified for HTTPS listeners (port %d)".formatted(port()));
    var policy = properties.at("SslPolicy").optionalText().orElse("ELBSecurityPolicy-2016-08");
    if (policy.contains("-TLS13-1-2-")) return List.of("TLSv1.3", "TLSv1.2");
    if (policy.contains("-TLS13-1-3-")) return List.of("TLSv1.3");
    throw new UnsupportedOperationException(
        "local plays no %s: want a policy of TLS 1.2 and 1.3".formatted(policy));
  }

  private List<Json> defaultActions() {
    return properties.at("DefaultActions").items();
  }

  /** Adds a rule, or changes the one of that ARN. */
  void put(String arn, Rule rule) {
    rules.put(arn, rule);
  }

  /** How a rule forwards requests; empty if it is none of this listener's. */
  Optional<Forward> forward(String ruleArn) {
    return Optional.ofNullable(rules.get(ruleArn)).map(rule -> Forward.of(rule.action()));
  }

  /** Has a rule forward so. */
  void forward(String ruleArn, Forward forward) {
    rules.computeIfPresent(
        ruleArn, (_, rule) -> new Rule(rule.priority(), rule.paths(), forward.action()));
  }

  void remove(String ruleArn) {
    rules.remove(ruleArn);
  }

  /** Whether any of its requests may go to the target group. */
  boolean forwardsTo(String targetGroup) {
    return Stream.concat(defaultActions().stream(), rules.values().stream().map(Rule::action))
        .anyMatch(action -> Json.write(action.value()).contains(targetGroup));
  }

  Json actionFor(String path) {
    return rules.values().stream()
        .sorted(Comparator.comparingInt(Rule::priority))
        .filter(rule -> rule.paths().stream().anyMatch(p -> p.matcher(path).matches()))
        .map(Rule::action)
        .findFirst()
        .orElseGet(() -> defaultActions().getFirst());
  }
}
