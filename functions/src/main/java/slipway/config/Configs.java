package slipway.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import slipway.json.Json;
import slipway.json.Malformed;

/**
 * Reads and writes the configuration as JSON, the same tree as slipway.yaml. Reading fills in
 * defaults, refuses keys that it does not know, and tells all problems at once.
 */
public final class Configs {
  private static final Set<String> KEYS =
      Set.of(
          "stack",
          "repository",
          "branch",
          "deployTag",
          "github",
          "audit",
          "repair",
          "budgets",
          "natGateways",
          "insights",
          "services");
  private static final Set<String> AUDIT = Set.of("schedule", "timezone");
  private static final Set<String> GITHUB = Set.of("tokenSecret", "web", "api");

  /** Of ECR, because repositories' names begin with it. */
  private static final Pattern STACK = Pattern.compile("(?=.{2,32}$)[a-z][a-z0-9]*(-[a-z0-9]+)*");

  /** Not cache, under which builds keep layers. */
  private static final Pattern TAG = Pattern.compile("(?!cache$)[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

  private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9/_+=.@:-]{1,512}");
  private static final Pattern URL = Pattern.compile("https?://[A-Za-z0-9.:\\[\\]-]+(/[!-~]*)?");
  private static final Pattern SCHEDULE =
      Pattern.compile("rate\\([1-9]\\d* (minutes?|hours?|days?)\\)|cron\\([^()]+\\)");

  private Configs() {}

  /**
   * Reads the document that infra wrote for the functions.
   *
   * @throws UncheckedIOException if the file cannot be read
   * @throws ConfigProblems if it is no valid configuration
   */
  public static Config read(Path file) {
    try {
      return fromJson(Json.parse(Files.readString(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot read the configuration " + file + ": infra puts it there as a Lambda layer", e);
    } catch (Malformed e) {
      throw new ConfigProblems(List.of(e));
    }
  }

  /**
   * Reads a configuration.
   *
   * @throws ConfigProblems with everything that is wrong with it
   */
  public static Config fromJson(Json json) {
    return fromJson(json, new Fields());
  }

  /**
   * The same at synth, when what has to have begun must have; it stays so.
   *
   * @throws ConfigProblems with everything that is wrong with it
   */
  public static Config fromJson(Json json, Instant now) {
    return fromJson(json, new Fields(Optional.of(now)));
  }

  private static Config fromJson(Json json, Fields fields) {
    if (!(json.value() instanceof Map)) {
      fields.complain(json.unexpected("an object with stack, repository and services"));
      throw new ConfigProblems(fields.problems());
    }
    fields.known(json, KEYS);
    var stack =
        fields.read(
            json.at("stack"),
            "stack",
            Fields.text(STACK, "2 to 32 lower-case letters, digits and single hyphens"));
    var github = gitHub(json, fields);
    var schedules = Fields.text(SCHEDULE, "a schedule such as rate(1 hour) or cron(0 8 * * ? *)");
    var audit = audit(json.at("audit"), schedules, fields);
    var repair = fields.readOr(json.at("repair"), "rate(15 minutes)", schedules);
    var budgets = BudgetFields.read(json.at("budgets"), fields);
    int natGateways =
        fields.readOr(
            json.at("natGateways"), Config.NAT_GATEWAYS, Fields.wholeNumber(0, Config.ZONES));
    var insights = fields.readOr(json.at("insights"), Config.Insights.STANDARD, Configs::insights);
    var services = new ArrayList<Service>();
    fields
        .named(json.at("services"), "at least one service")
        .forEach(
            (name, service) ->
                ServiceFields.read(
                        new ServiceFields.Common(stack, github.source(), budgets.onExhausted()),
                        name,
                        service,
                        fields)
                    .ifPresent(services::add));
    refuseClashes(json, services, fields);
    refuseTooMany(json, services, budgets, fields);
    if (!fields.problems().isEmpty()) throw new ConfigProblems(fields.problems());
    return new Config(stack, github, services, audit, repair, budgets, natGateways, insights);
  }

  private static Config.Insights insights(Json field) {
    return Arrays.stream(Config.Insights.values())
        .filter(known -> known.word().equals(field.value()))
        .findFirst()
        .orElseThrow(() -> field.unexpected("enhanced, standard or none"));
  }

  /** A schedule alone, or with the time zone that it is meant in. */
  private static Config.Audit audit(Json json, Function<Json, String> schedules, Fields fields) {
    var otherwise = Config.Audit.DEFAULT;
    if (!(json.value() instanceof Map))
      return new Config.Audit(
          fields.readOr(json, otherwise.schedule(), schedules), otherwise.timezone());
    fields.known(json, AUDIT);
    return new Config.Audit(
        fields.readOr(json.at("schedule"), otherwise.schedule(), schedules),
        fields.readOr(json.at("timezone"), otherwise.timezone(), Configs::timezone));
  }

  private static String timezone(Json field) {
    if (!(field.value() instanceof String zone) || !ZoneId.getAvailableZoneIds().contains(zone))
      throw field.unexpected("an IANA time zone such as Europe/Berlin");
    return zone;
  }

  private static Config.GitHub gitHub(Json json, Fields fields) {
    var github = json.at("github");
    fields.known(github, GITHUB);
    var at = github.value() instanceof Map ? github : new Json("github", null);
    var source = SourceFields.read(json, fields);
    return new Config.GitHub(
        source.repository(),
        source.branch(),
        fields.readOr(
            json.at("deployTag"),
            "live",
            Fields.text(TAG, "an image tag such as live, but not cache")),
        fields.find(
            at.at("tokenSecret"),
            Fields.text(SECRET, "a secret's name such as slipway/github-token, or its ARN")),
        fields.readOr(at.at("web"), URI.create("https://github.com"), Configs::url),
        fields.readOr(at.at("api"), URI.create("https://api.github.com"), Configs::url));
  }

  private static URI url(Json field) {
    var wanted = "a URL such as https://github.com";
    try {
      return URI.create(Fields.text(URL, wanted).apply(field).replaceAll("/+$", ""));
    } catch (IllegalArgumentException _) {
      throw field.unexpected(wanted);
    }
  }

  private static void refuseClashes(Json json, Iterable<Service> services, Fields fields) {
    var families = new HashMap<String, ServiceName>();
    for (var service : services) families.put(service.name().templateFamily(), service.name());
    var names = new HashMap<String, String>();
    for (var service : services) {
      var place = json.at("services").at(service.name().value());
      var template = families.get(service.name().value());
      if (template != null)
        fields.complain(
            new Malformed(
                place.place(), "cannot be named so: that is the template family of " + template));
      for (int i = 0; i < service.slos().size(); i++) {
        var slo = place.at("slos").place() + "[" + i + "]";
        var name = service.slos().get(i).name();
        var first = names.putIfAbsent(name, slo);
        if (first != null)
          fields.complain(
              new Malformed(
                  slo,
                  "is named '%s' as %s is: want a name of its own, because Application Signals knows an SLO by its name"
                      .formatted(name, first)));
      }
    }
  }

  /** AWS would refuse what is above a quota, and only once it is made. */
  private static void refuseTooMany(
      Json json, Iterable<Service> services, Budgets budgets, Fields fields) {
    int all = 0;
    for (var service : services) {
      int its = service.slos().size();
      all += its;
      if (its > budgets.slosPerService())
        fields.complain(
            new Malformed(
                json.at("services").at(service.name().value()).at("slos").place(),
                "has %d SLOs: want at most budgets.slosPerService, the quota, which is %d"
                    .formatted(its, budgets.slosPerService())));
    }
    if (all > budgets.slos())
      fields.complain(
          new Malformed(
              json.at("services").place(),
              "have %d SLOs: want at most budgets.slos, the account's quota in the Region, which is %d"
                  .formatted(all, budgets.slos())));
  }

  /** The configuration as JSON that {@link #fromJson} reads back to an equal one. */
  public static String toJson(Config config) {
    var github = new LinkedHashMap<String, Object>();
    config.github().tokenSecret().ifPresent(name -> github.put("tokenSecret", name));
    github.put("web", config.github().web().toString());
    github.put("api", config.github().api().toString());
    var services = new LinkedHashMap<String, Object>();
    for (var service : config.services())
      services.put(
          service.name().value(),
          ServiceFields.tree(
              service,
              new ServiceFields.Common(
                  config.stack(), config.github().source(), config.budgets().onExhausted())));
    var tree = new LinkedHashMap<String, Object>();
    tree.put("stack", config.stack());
    tree.put("repository", config.github().repository());
    tree.put("branch", config.github().branch());
    tree.put("deployTag", config.github().deployTag());
    tree.put("github", github);
    var audit = new LinkedHashMap<String, Object>();
    audit.put("schedule", config.audit().schedule());
    audit.put("timezone", config.audit().timezone());
    tree.put("audit", audit);
    tree.put("repair", config.repair());
    tree.put("budgets", BudgetFields.tree(config.budgets()));
    tree.put("natGateways", config.natGateways());
    tree.put("insights", config.insights().word());
    tree.put("services", services);
    return Json.write(tree);
  }
}
