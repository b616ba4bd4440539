package slipway.local.lambda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import slipway.json.Json;
import slipway.local.cloud.Place;
import slipway.local.iam.Policy;
import slipway.local.stack.Change;
import slipway.local.stack.Properties;
import slipway.local.stack.Provisioner;
import slipway.local.stack.Resource;
import slipway.local.stack.Surroundings;

/** Makes functions and what belongs to them. */
public final class LambdaResources implements Provisioner {
  private final Functions functions;
  private final Deliveries deliveries;
  private final FunctionUrls urls;
  private final QueueConsumers consumers;
  private final Function<String, Path> assets;
  private final Surroundings surroundings;
  private final Map<String, String> overrides;
  private final Map<String, Path> layers = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();

  /**
   * @param assets folders by the key under which CloudFormation would find them in S3
   * @param overrides values for environment variables that a function's template sets to something
   *     outside of AWS, such as GitHub's address
   */
  public LambdaResources(
      Functions functions,
      Deliveries deliveries,
      FunctionUrls urls,
      QueueConsumers consumers,
      Function<String, Path> assets,
      Surroundings surroundings,
      Map<String, String> overrides) {
    this.functions = functions;
    this.deliveries = deliveries;
    this.urls = urls;
    this.consumers = consumers;
    this.assets = assets;
    this.surroundings = surroundings;
    this.overrides = Map.copyOf(overrides);
  }

  @Override
  public Set<String> types() {
    return Set.of(
        "AWS::Lambda::Function",
        "AWS::Lambda::Version",
        "AWS::Lambda::Alias",
        "AWS::Lambda::LayerVersion",
        "AWS::Lambda::Permission",
        "AWS::Lambda::Url",
        "AWS::Lambda::EventSourceMapping",
        "AWS::Lambda::EventInvokeConfig");
  }

  @Override
  public Made make(Resource resource) {
    var properties = resource.properties();
    return switch (resource.type()) {
      case "AWS::Lambda::Function" -> {
        var spec = spec(resource);
        functions.add(spec);
        yield new Made(spec.name(), Map.of("Arn", spec.arn()));
      }
      case "AWS::Lambda::Version" -> {
        var arn = functions.arn(properties.at("FunctionName").text());
        var version = functions.publish(arn.substring(arn.lastIndexOf(':') + 1));
        yield new Made(
            arn + ":" + version, Map.of("Version", version, "FunctionArn", arn + ":" + version));
      }
      case "AWS::Lambda::Alias" -> {
        var arn = functions.arn(properties.at("FunctionName").text());
        var alias = properties.at("Name").text();
        functions.alias(
            arn.substring(arn.lastIndexOf(':') + 1),
            alias,
            properties.at("FunctionVersion").text());
        yield new Made(arn + ":" + alias, Map.of("AliasArn", arn + ":" + alias));
      }
      case "AWS::Lambda::LayerVersion" -> {
        var name = properties.at("LayerName").optionalText().orElse(resource.logicalId());
        var arn = Place.arn("lambda", "layer:" + name + ":" + count.incrementAndGet());
        layers.put(arn, assets.apply(properties.at("Content").at("S3Key").text()));
        yield new Made(arn, Map.of("LayerVersionArn", arn));
      }
      case "AWS::Lambda::Permission" -> {
        permit(resource.id(), properties);
        yield new Made(resource.id(), Map.of("Id", resource.id()));
      }
      case "AWS::Lambda::Url" -> urls.make(properties);
      case "AWS::Lambda::EventSourceMapping" -> consumers.make(resource);
      case "AWS::Lambda::EventInvokeConfig" -> {
        configure(properties);
        yield new Made(resource.id(), Map.of());
      }
      default -> throw new IllegalArgumentException(resource.type());
    };
  }

  @Override
  public Made update(Change change) {
    return switch (change.before().type()) {
      case "AWS::Lambda::Function" -> {
        functions.change(spec(change.after()));
        yield change.made();
      }
      // From one invocation to the next.
      case "AWS::Lambda::Alias" -> make(change.after());
      case "AWS::Lambda::EventSourceMapping" -> consumers.update(change);
      case "AWS::Lambda::EventInvokeConfig" -> {
        configure(change.properties());
        yield change.made();
      }
      default -> Provisioner.super.update(change);
    };
  }

  @Override
  public void delete(Resource resource, Made made) {
    var properties = resource.properties();
    switch (resource.type()) {
      case "AWS::Lambda::Function" -> functions.remove(made.ref());
      case "AWS::Lambda::Version" ->
          functions.unpublish(
              name(properties.at("FunctionName")), made.attributes().get("Version"));
      case "AWS::Lambda::Alias" ->
          functions.removeAlias(name(properties.at("FunctionName")), properties.at("Name").text());
      // Functions that have it keep it.
      case "AWS::Lambda::LayerVersion" -> layers.remove(made.ref());
      case "AWS::Lambda::Permission" ->
          surroundings
              .iam()
              .detachFromResource(
                  functions.arn(properties.at("FunctionName").text()), resource.id());
      case "AWS::Lambda::Url" -> urls.delete(made);
      case "AWS::Lambda::EventSourceMapping" -> consumers.delete(made);
      case "AWS::Lambda::EventInvokeConfig" -> deliveries.forget(arn(properties));
      default -> throw new IllegalArgumentException(resource.type());
    }
  }

  @Override
  public List<String> existing() {
    return Stream.of(functions.arns(), List.copyOf(layers.keySet()), consumers.arns())
        .flatMap(List::stream)
        .toList();
  }

  /** Of a function, by what templates name it: its name, or an ARN of it. */
  private static String name(Json function) {
    var id = function.text();
    return id.startsWith("arn:") ? id.split(":")[6] : id.split(":")[0];
  }

  /** Of the alias or version that an EventInvokeConfig is for. */
  private String arn(Json properties) {
    return functions.arn(
        properties.at("FunctionName").text() + ":" + properties.at("Qualifier").text());
  }

  private void configure(Json properties) {
    var arn = arn(properties);
    var onFailure =
        properties.at("DestinationConfig").at("OnFailure").at("Destination").optionalText();
    // Lambda looks at once whether it could send there.
    onFailure.stream()
        .flatMap(destination -> deliveries.sending(destination).stream())
        .flatMap(
            need ->
                surroundings
                    .iam()
                    .roleMayNot(functions.target(arn, Optional.empty()).spec().roleArn(), need)
                    .stream())
        .findFirst()
        .ifPresent(
            why -> {
              throw new IllegalArgumentException(
                  "The function's execution role does not have permissions to send to %s %s"
                      .formatted(onFailure.get(), why));
            });
    deliveries.configure(
        arn,
        new Deliveries.Config(
            Properties.integer(properties.at("MaximumRetryAttempts"), 2), onFailure));
  }

  private Spec spec(Resource resource) {
    var properties = resource.properties();
    var runtime = properties.at("Runtime").optionalText().orElse("none");
    if (!runtime.startsWith("java"))
      throw properties.at("Runtime").unexpected("a Java runtime: local plays no other");
    var role = properties.at("Role").text();
    surroundings
        .iam()
        .mayNotAssume("lambda.amazonaws.com", role)
        .ifPresent(
            why -> {
              throw new IllegalArgumentException("Lambda cannot assume the function's role " + why);
            });
    var name =
        properties
            .at("FunctionName")
            .optionalText()
            .orElse(resource.generatedName(surroundings.stack()));
    var opt = opt(name, properties.at("Layers").items());
    return new Spec(
        name,
        Spec.title(properties.at("Handler").text()),
        role,
        properties.at("Handler").text(),
        assets.apply(properties.at("Code").at("S3Key").text()),
        opt,
        variables(properties.at("Environment").at("Variables"), opt),
        Properties.seconds(properties.at("Timeout"), 3),
        Properties.integer(properties.at("MemorySize"), 128),
        properties
            .at("SnapStart")
            .at("ApplyOn")
            .optionalText()
            .orElse("None")
            .equals("PublishedVersions"),
        properties.at("DeadLetterConfig").at("TargetArn").optionalText(),
        properties.at("LoggingConfig").at("LogGroup").optionalText().orElse("/aws/lambda/" + name),
        properties.at("TracingConfig").at("Mode").optionalText().orElse("").equals("Active"));
  }

  /** The layers, one over the other as Lambda extracts them, in a folder of its own each time. */
  private Path opt(String name, List<Json> arns) {
    var opt = surroundings.work().resolve("opt").resolve(name + "-" + count.incrementAndGet());
    try {
      Files.createDirectories(opt);
      for (var arn : arns) {
        var layer = layers.get(arn.text());
        if (layer == null) throw arn.unexpected("a layer of this template");
        copy(layer, opt);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot extract the layers of " + name, e);
    }
    return opt;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var paths = Files.walk(from)) {
      for (var path : paths.toList()) {
        var target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) Files.createDirectories(target);
        else Files.copy(path, target, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private Map<String, String> variables(Json declared, Path opt) {
    var variables = new LinkedHashMap<String, String>();
    declared
        .members()
        .forEach(
            (name, value) ->
                variables.put(
                    name,
                    overrides.getOrDefault(
                        name, String.valueOf(value.value()).replace("/opt/", opt + "/"))));
    return variables;
  }

  /** A permission is a statement of the function's resource policy. */
  private void permit(String id, Json properties) {
    var arn = functions.arn(properties.at("FunctionName").text());
    var principal = properties.at("Principal").text();
    var conditions = new LinkedHashMap<String, Object>();
    var source = properties.at("SourceArn").optionalText();
    source.ifPresent(s -> conditions.put("ArnLike", Map.of("aws:SourceArn", s)));
    var equal = new LinkedHashMap<String, Object>();
    properties
        .at("SourceAccount")
        .optionalText()
        .ifPresent(account -> equal.put("aws:SourceAccount", account));
    properties
        .at("FunctionUrlAuthType")
        .optionalText()
        .ifPresent(type -> equal.put("lambda:FunctionUrlAuthType", type));
    if (!equal.isEmpty()) conditions.put("StringEquals", equal);
    if (Properties.flag(properties.at("InvokedViaFunctionUrl"), false))
      conditions.put("Bool", Map.of("lambda:InvokedViaFunctionUrl", "true"));
    Object who =
        principal.equals("*")
            ? "*"
            : Map.of(principal.endsWith(".amazonaws.com") ? "Service" : "AWS", principal);
    surroundings
        .iam()
        .attachToResource(
            arn,
            Policy.parse(
                id,
                Json.of(
                    Map.of(
                        "Statement",
                        Map.of(
                            "Effect", "Allow",
                            "Principal", who,
                            "Action", properties.at("Action").text(),
                            "Resource", arn,
                            "Condition", conditions)))));
  }
}
