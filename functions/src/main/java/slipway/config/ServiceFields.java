package slipway.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import slipway.json.Json;
import slipway.json.Malformed;

/** Reads and writes one service of the configuration, with its containers. */
final class ServiceFields {
  private static final Set<String> KEYS =
      Set.of(
          "repository",
          "branch",
          "adopt",
          "domain",
          "health",
          "environment",
          "cpu",
          "memory",
          "tasks",
          "containers",
          "slos",
          "canary",
          "canaryEvery",
          "onExhausted",
          "strategy");

  /** What can be said of a service that is adopted: all else its task definition says. */
  private static final Set<String> ADOPTED =
      Set.of(
          "repository",
          "branch",
          "adopt",
          "health",
          "canary",
          "canaryEvery",
          "environment",
          "containers",
          "slos",
          "onExhausted");

  private static final Set<String> TASKS = Set.of("min", "max", "cpu");
  private static final Set<String> BUILT =
      Set.of("build", "repository", "port", "writable", "environment");
  private static final Set<String> PULLED = Set.of("image", "environment");
  private static final Set<String> CONTAINER =
      Set.of("build", "image", "repository", "port", "writable", "environment");

  private static final Set<String> ADOPTED_CONTAINER = Set.of("build", "repository");

  /** No path: those begin with a slash. */
  private static final String NO_CANARY = "none";

  private static final Pattern PATH = Pattern.compile("/[!-~]{0,1023}");

  /** It goes into OTEL_RESOURCE_ATTRIBUTES, where commas, equals signs and spaces mean more. */
  private static final Pattern ENVIRONMENT = Pattern.compile("[A-Za-z0-9._:/-]{1,100}");

  private static final Pattern FOLDER =
      Pattern.compile("(?!.*\\.\\.)[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*");

  /** Of ECR, because a built container's name is part of its repository's name. */
  private static final Pattern BUILT_NAME = Pattern.compile("[a-z0-9]+([._-][a-z0-9]+)*");

  /** Source: ECR API reference, CreateRepository. */
  private static final Pattern REPOSITORY =
      Pattern.compile("(?=.{2,256}$)([a-z0-9]+([._-][a-z0-9]+)*/)*[a-z0-9]+([._-][a-z0-9]+)*");

  private static final Pattern IMAGE =
      Pattern.compile(
          "[a-z0-9][A-Za-z0-9._:/-]*(:[A-Za-z0-9_][A-Za-z0-9._-]*|@sha256:[0-9a-f]{64})");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private ServiceFields() {}

  /**
   * What a service shares with the others.
   *
   * @param stack first part of the names of repositories
   * @param source where its code comes from if it does not say so
   * @param onExhausted what a spent error budget does, likewise
   */
  record Common(String stack, Source source, Budgets.OnExhausted onExhausted) {}

  static Optional<Service> read(Common common, String key, Json json, Fields fields) {
    int before = fields.problems().size();
    var name = name(key, json, fields);
    fields.known(json, KEYS);
    if (!(json.value() instanceof Map)) {
      if (json.missing()) fields.complain(json.unexpected("a service: at least its containers"));
      return Optional.empty();
    }
    var source = SourceFields.read(json, common.source(), fields);
    var adoption = AdoptionFields.read(json.at("adopt"), fields);
    var adopted = !json.at("adopt").missing();
    if (adopted) refuseWhatTheOwnerSays(json, fields);
    var health =
        fields.readOr(
            json.at("health"), "/healthcheck", Fields.text(PATH, "a path such as /healthcheck"));
    var canary =
        adopted && adoption.flatMap(Adoption::url).isEmpty()
            ? Optional.<Canary>empty() // it would not know where to call
            : canary(json, health, fields);
    var environment =
        fields.readOr(
            json.at("environment"),
            "production",
            Fields.text(ENVIRONMENT, "a name such as production, without spaces and commas"));
    var cpu = fields.readOr(json.at("cpu"), 1024, ServiceFields::cpu);
    var memory = fields.readOr(json.at("memory"), 2048, Fields.wholeNumber(512, 122880));
    FargateSize.wantedMemory(cpu, memory)
        .ifPresent(
            wanted ->
                fields.complain(
                    new Malformed(json.at("memory").place(), "is " + memory + ": want " + wanted)));
    var tasks = tasks(json.at("tasks"), fields);
    var containers = containers(common.stack(), key, json.at("containers"), adopted, fields);
    var slos = new ArrayList<Slo>();
    for (var slo : fields.attempt(List.<Json>of(), () -> json.at("slos").items()))
      SloFields.read(slo, name, fields).ifPresent(slos::add);
    var onExhausted =
        BudgetFields.onExhausted(json.at("onExhausted"), common.onExhausted(), fields);
    var domain = DomainFields.read(json.at("domain"), fields);
    var strategy =
        adoption.isPresent() ? new Strategy.Rolling() : strategy(json, containers, fields);
    if (canary.isEmpty() && fields.problems().size() == before)
      refuseSilent(common.stack() + "-" + key, slos, json.at("slos"), fields);
    if (fields.problems().size() > before) return Optional.empty();
    return fields.make(
        json,
        () ->
            new Service(
                name,
                source,
                health,
                canary,
                environment,
                cpu,
                memory,
                tasks,
                containers,
                slos,
                onExhausted,
                domain,
                adoption,
                strategy));
  }

  private static void refuseWhatTheOwnerSays(Json json, Fields fields) {
    json.members()
        .forEach(
            (key, member) -> {
              if (KEYS.contains(key) && !ADOPTED.contains(key))
                fields.complain(
                    new Malformed(
                        member.place(),
                        "cannot be said of an adopted service: its owner says it, in ECS"));
            });
    if (json.at("adopt").value() instanceof Map && json.at("adopt").at("url").missing())
      for (var path : List.of("health", "canary", "canaryEvery"))
        if (!json.at(path).missing())
          fields.complain(
              new Malformed(
                  json.at(path).place(),
                  "has no meaning without adopt.url: want that, or leave it out"));
  }

  /** What shifts requests needs a load balancer, and so a port that it can call. */
  private static Strategy strategy(Json json, List<Container> containers, Fields fields) {
    var strategy = StrategyFields.read(json.at("strategy"), fields);
    var called =
        containers.stream()
            .anyMatch(c -> c instanceof Container.Built built && built.port().isPresent());
    if (strategy instanceof Strategy.Shifting && !containers.isEmpty() && !called)
      fields.complain(
          new Malformed(
              json.at("strategy").place(),
              "is %s, which shifts requests from one version to the next: want a container with a port that a load balancer calls, or rolling"
                  .formatted(strategy.word())));
    return strategy;
  }

  /** Beside the health path, which it calls in any case. */
  private static Optional<Canary> canary(Json json, String health, Fields fields) {
    var every = json.at("canaryEvery");
    if (NO_CANARY.equals(json.at("canary").value())) {
      if (!every.missing())
        fields.complain(
            new Malformed(
                every.place(), "has no meaning here: want it left out, as there is no canary"));
      return Optional.empty();
    }
    return Optional.of(
        new Canary(
            fields.readOr(
                json.at("canary"),
                health,
                Fields.text(PATH, "a path such as /rolldice?rolls=1, or none")),
            fields.readOr(every, Canary.EVERY, ServiceFields::every)));
  }

  /** What the metrics of a canary that is not there tell is nothing, and nothing is no breach. */
  private static void refuseSilent(String canary, List<Slo> slos, Json json, Fields fields) {
    for (int i = 0; i < slos.size(); i++) {
      var queries =
          switch (slos.get(i).indicator()) {
            case Slo.Indicator.Metric metric -> metric.queries().stream();
            case Slo.Indicator.Counts counts ->
                Stream.concat(counts.total().stream(), counts.counted().stream());
            case Slo.Indicator.Standard _ -> Stream.<SloQuery>of();
          };
      if (queries.anyMatch(query -> query.isOfCanary(canary)))
        fields.complain(
            new Malformed(
                json.place() + "[" + i + "]",
                "would never have data: want a path as canary, or no SLO on the metrics of %s"
                    .formatted(canary)));
    }
  }

  private static Duration every(Json field) {
    var wanted = "1 minute to 1 hour, such as 5 minutes";
    var every = SloTimes.span(field, wanted).length();
    if (every.compareTo(Canary.SELDOMEST) > 0) throw field.unexpected(wanted);
    return every;
  }

  private static ServiceName name(String key, Json json, Fields fields) {
    try {
      return new ServiceName(key);
    } catch (IllegalArgumentException e) {
      fields.complain(new Malformed(json.place(), "cannot be named " + e.getMessage()));
      return new ServiceName("unnamed");
    }
  }

  private static int cpu(Json field) {
    var wanted = "CPU units that Fargate has: " + FargateSize.cpus();
    if (!(field.value() instanceof Integer cpu) || !FargateSize.knows(cpu))
      throw field.unexpected(wanted);
    return cpu;
  }

  private static Service.Tasks tasks(Json json, Fields fields) {
    fields.known(json, TASKS);
    if (!(json.value() instanceof Map)) return new Service.Tasks(1, 4, 70);
    int min = fields.readOr(json.at("min"), 1, Fields.wholeNumber(1, 1000));
    int max = fields.readOr(json.at("max"), Math.max(min, 4), Fields.wholeNumber(1, 1000));
    int percent = fields.readOr(json.at("cpu"), 70, Fields.wholeNumber(10, 95));
    if (max < min)
      fields.complain(
          new Malformed(
              json.at("max").place(), "is " + max + ": want at least min, which is " + min));
    return new Service.Tasks(min, Math.max(min, max), percent);
  }

  private static List<Container> containers(
      String stack, String service, Json json, boolean adopted, Fields fields) {
    var containers = new ArrayList<Container>();
    int before = fields.problems().size();
    fields
        .named(
            json,
            adopted
                ? "at least one container, with build"
                : "at least one container, one of them with a port")
        .forEach(
            (name, container) -> {
              if (adopted) refuseAllBut(ADOPTED_CONTAINER, container, fields);
              container(stack, service, name, container, fields).ifPresent(containers::add);
            });
    var fronts =
        containers.stream()
            .filter(c -> c instanceof Container.Built built && built.port().isPresent())
            .count();
    if (fields.problems().size() == before && !adopted && fronts != 1)
      fields.complain(
          new Malformed(
              json.place(),
              "has "
                  + fronts
                  + " containers with a port: want exactly one that the load balancer"
                  + " calls"));
    return containers;
  }

  private static void refuseAllBut(Set<String> these, Json container, Fields fields) {
    if (!(container.value() instanceof Map)) return;
    container
        .members()
        .forEach(
            (key, member) -> {
              if (CONTAINER.contains(key) && !these.contains(key))
                fields.complain(
                    new Malformed(
                        member.place(),
                        "cannot be said of an adopted service: its task definition says it; want"
                            + " the containers that are built, and for each "
                            + String.join(", ", new TreeSet<>(these))));
            });
  }

  private static Optional<Container> container(
      String stack, String service, String name, Json json, Fields fields) {
    int before = fields.problems().size();
    var build = fields.attempt(Json.of(null), () -> json.at("build"));
    var image = fields.attempt(Json.of(null), () -> json.at("image"));
    if (fields.problems().size() > before || build.missing() == image.missing()) {
      if (json.missing() || json.value() instanceof Map) {
        fields.known(json, CONTAINER);
        fields.complain(
            new Malformed(
                json.place(),
                (build.missing() ? "has no image" : "has two images")
                    + ": want either build (a folder with a Dockerfile) or image"));
      }
      return Optional.empty();
    }
    fields.known(json, build.missing() ? PULLED : BUILT);
    var environment = environment(json.at("environment"), fields);
    if (build.missing()) {
      var pulled =
          fields.read(
              image,
              "none:0",
              Fields.text(IMAGE, "an image with a fixed tag or digest, such as example/agent:1.2"));
      if (pulled.endsWith(":latest"))
        fields.complain(
            image.unexpected(
                "a fixed tag or digest, so that the same revision is the same software"));
      if (!Container.NAME.matcher(name).matches())
        fields.complain(
            new Malformed(
                json.place(), "has an odd name: want letters, digits, hyphens and underscores"));
      if (fields.problems().size() > before) return Optional.empty();
      return fields.make(json, () -> new Container.Pulled(name, pulled, environment));
    }
    var folder =
        fields.read(
            build, "none", Fields.text(FOLDER, "a folder inside the repository, such as app"));
    var given =
        fields.find(
            json.at("repository"),
            Fields.text(REPOSITORY, "the name of a repository in ECR, such as shop/dice"));
    var port = fields.find(json.at("port"), Fields.wholeNumber(1, 65535));
    boolean writable = fields.readOr(json.at("writable"), false, Json::flag);
    if (!BUILT_NAME.matcher(name).matches() || !Container.NAME.matcher(name).matches())
      fields.complain(
          new Malformed(
              json.place(),
              "has an odd name for an image repository: want lower-case letters, digits and single"
                  + " hyphens"));
    if (fields.problems().size() > before) return Optional.empty();
    return fields.make(
        json,
        () ->
            new Container.Built(
                name,
                folder,
                given.orElse(stack + "/" + service + "/" + name),
                given.isPresent(),
                port,
                writable,
                environment));
  }

  private static Map<String, String> environment(Json json, Fields fields) {
    var variables = new LinkedHashMap<String, String>();
    fields
        .attempt(Map.<String, Json>of(), json::members)
        .forEach(
            (name, value) -> {
              if (!VARIABLE.matcher(name).matches())
                fields.complain(
                    new Malformed(
                        value.place(), "is no name of an environment variable: want such as KEY"));
              else if (value.value() instanceof String text) variables.put(name, text);
              else fields.complain(value.unexpected("text; put it in quotes"));
            });
    return variables;
  }

  static Map<String, Object> tree(Service service, Common common) {
    var containers = new LinkedHashMap<String, Object>();
    for (var container : service.containers()) containers.put(container.name(), tree(container));
    var tree = new LinkedHashMap<String, Object>();
    SourceFields.write(service.source(), common.source(), tree);
    service.adoption().ifPresent(adoption -> tree.put("adopt", AdoptionFields.tree(adoption)));
    if (service.adoption().isEmpty() || service.adoption().flatMap(Adoption::url).isPresent()) {
      tree.put("health", service.health());
      tree.put("canary", service.canary().map(Canary::path).orElse(NO_CANARY));
      service.canary().ifPresent(canary -> tree.put("canaryEvery", SloTimes.text(canary.every())));
    }
    tree.put("environment", service.environmentName());
    if (service.adoption().isEmpty()) {
      tree.put("cpu", service.cpu());
      tree.put("memory", service.memory());
      var tasks = new LinkedHashMap<String, Object>();
      tasks.put("min", service.tasks().min());
      tasks.put("max", service.tasks().max());
      tasks.put("cpu", service.tasks().cpuPercent());
      tree.put("tasks", tasks);
    }
    tree.put("containers", containers);
    tree.put("slos", service.slos().stream().map(SloFields::tree).toList());
    if (service.onExhausted() != common.onExhausted())
      tree.put("onExhausted", service.onExhausted().word());
    service.domain().ifPresent(domain -> tree.put("domain", DomainFields.tree(domain)));
    if (service.strategy() instanceof Strategy.Shifting)
      tree.put("strategy", StrategyFields.tree(service.strategy()));
    return tree;
  }

  private static Map<String, Object> tree(Container container) {
    var tree = new LinkedHashMap<String, Object>();
    switch (container) {
      case Container.Built built -> {
        tree.put("build", built.folder());
        if (built.given()) tree.put("repository", built.repository());
        built.port().ifPresent(port -> tree.put("port", port));
        if (built.writable()) tree.put("writable", true);
      }
      case Container.Pulled pulled -> tree.put("image", pulled.image());
    }
    if (!container.environment().isEmpty())
      tree.put("environment", new TreeMap<>(container.environment()));
    return tree;
  }
}
