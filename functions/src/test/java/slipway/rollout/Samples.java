package slipway.rollout;

import java.net.URI;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import slipway.config.Budgets;
import slipway.config.Canary;
import slipway.config.Config;
import slipway.config.Container;
import slipway.config.Service;
import slipway.config.ServiceName;
import slipway.config.Slo;
import slipway.config.Source;
import slipway.config.Strategy;

/** A valid configuration, template and images; tests show only what differs. */
final class Samples {
  static final ServiceName DICE = new ServiceName("dice");
  static final String REGISTRY = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com";
  static final Platform ARM = new Platform("linux", "arm64");
  static final String ARN = "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/";

  private Samples() {}

  static Service service() {
    return new Service(
        DICE,
        new Source("example/dice", "main"),
        "/healthcheck",
        Optional.of(new Canary("/healthcheck", Canary.EVERY)),
        "production",
        1024,
        2048,
        new Service.Tasks(1, 4, 70),
        List.of(
            new Container.Built("app", "app", "slipway/dice/app", Optional.of(8080), Map.of()),
            new Container.Built("adot", "adot", "slipway/dice/adot", Optional.empty(), Map.of()),
            new Container.Pulled(
                "cw-agent",
                "public.ecr.aws/cloudwatch-agent/cloudwatch-agent:1.300071.0",
                Map.of())),
        List.of(
            new Slo(
                "dice availability",
                "GET /rolldice",
                new Slo.Indicator.Availability(),
                99.9,
                7,
                50)),
        Budgets.OnExhausted.FREEZE,
        Optional.empty(),
        Optional.empty(),
        new Strategy.Rolling());
  }

  static Config config() {
    return new Config(
        "slipway",
        new Config.GitHub(
            "example/dice",
            "main",
            "live",
            Optional.empty(),
            URI.create("https://github.com"),
            URI.create("https://api.github.com")),
        List.of(service()),
        Config.Audit.DEFAULT,
        "rate(15 minutes)",
        Budgets.DEFAULT);
  }

  static TaskDefinition template() {
    return template("1");
  }

  /** A template that differs by an environment variable. */
  static TaskDefinition template(String value) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("taskDefinitionArn", ARN + "dice-template:1");
    tree.put("family", "dice-template");
    tree.put("revision", 1);
    tree.put("status", "ACTIVE");
    tree.put("networkMode", "awsvpc");
    tree.put(
        "runtimePlatform", Map.of("cpuArchitecture", "ARM64", "operatingSystemFamily", "LINUX"));
    tree.put(
        "containerDefinitions",
        List.of(
            Map.of(
                "name",
                "app",
                "image",
                REGISTRY + "/slipway/dice/app:live",
                "environment",
                List.of(Map.of("name", "KEY", "value", value))),
            Map.of("name", "adot", "image", REGISTRY + "/slipway/dice/adot:live"),
            Map.of(
                "name", "cw-agent",
                "image", "public.ecr.aws/cloudwatch-agent/cloudwatch-agent:1.300071.0")));
    tree.put("tags", List.of(Map.of("key", "aws:cloudformation:stack-name", "value", "slipway")));
    return new TaskDefinition(tree);
  }

  static String digest(int n) {
    return "sha256:" + HexFormat.of().toHexDigits((long) n).repeat(4);
  }

  static String commit(int n) {
    return (HexFormat.of().toHexDigits((long) n).repeat(3)).substring(0, 40);
  }

  static Image image(String container, int n) {
    return new Image(
        REGISTRY, "slipway/dice/" + container, digest(n), Set.of(ARM), origin(n, false));
  }

  /** Of a commit that was pushed in the n-th minute of the day. */
  static Origin origin(int n, boolean override) {
    return new Origin(Optional.of(commit(n)), Optional.of("Ann"), Optional.of(pushed(n)), override);
  }

  static Instant pushed(int n) {
    return Instant.parse("2026-08-04T00:00:00Z").plusSeconds(60L * n);
  }

  static Map<String, Optional<Image>> images(int app, int adot) {
    return Map.of("app", Optional.of(image("app", app)), "adot", Optional.of(image("adot", adot)));
  }

  static Desired.Content content(int app, int adot) {
    return (Desired.Content)
        Desired.of(service(), "live", Optional.of(template()), images(app, adot));
  }

  static StoppedTask stopped(
      String deployment, String code, String reason, StoppedTask.Container... c) {
    return new StoppedTask(deployment, code, reason, List.of(c));
  }

  static StoppedTask.Container container(String name, int exit) {
    return new StoppedTask.Container(name, Optional.of(exit), "", false);
  }
}
