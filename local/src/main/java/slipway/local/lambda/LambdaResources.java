package slipway.local.lambda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import slipway.json.Json;
import slipway.local.cloud.Place;
import slipway.local.iam.Policy;
import slipway.local.stack.Properties;
import slipway.local.stack.Provisioner;
import slipway.local.stack.Resource;
import slipway.local.stack.Surroundings;
import slipway.local.stack.Template;

/** Makes functions and what belongs to them. */
public final class LambdaResources implements Provisioner {
  private final Functions functions;
  private final Deliveries deliveries;
  private final FunctionUrls urls;
  private final QueueConsumers consumers;
  private final Template template;
  private final Surroundings surroundings;
  private final Map<String, String> overrides;
  private final Map<String, Path> layers = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();

  /**
   * @param overrides values for environment variables that a function's template sets to something
   *     outside of AWS, such as GitHub's address
   */
  public LambdaResources(
      Functions functions,
      Deliveries deliveries,
      FunctionUrls urls,
      QueueConsumers consumers,
      Template template,
      Surroundings surroundings,
      Map<String, String> overrides) {
    this.functions = functions;
    this.deliveries = deliveries;
    this.urls = urls;
    this.consumers = consumers;
    this.template = template;
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
      case "AWS::Lambda::Function" -> function(resource);
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
        layers.put(arn, template.asset(properties.at("Content").at("S3Key").text()));
        yield new Made(arn, Map.of("LayerVersionArn", arn));
      }
      case "AWS::Lambda::Permission" -> {
        permit(resource.logicalId(), properties);
        yield new Made(resource.logicalId(), Map.of("Id", resource.logicalId()));
      }
      case "AWS::Lambda::Url" -> urls.make(properties);
      case "AWS::Lambda::EventSourceMapping" -> consumers.make(resource);
      case "AWS::Lambda::EventInvokeConfig" -> {
        var qualifier = properties.at("Qualifier").text();
        var id = properties.at("FunctionName").text() + ":" + qualifier;
        deliveries.configure(
            functions.arn(id),
            new Deliveries.Config(
                Properties.integer(properties.at("MaximumRetryAttempts"), 2),
                properties
                    .at("DestinationConfig")
                    .at("OnFailure")
                    .at("Destination")
                    .optionalText()));
        yield new Made(resource.logicalId(), Map.of());
      }
      default -> throw new IllegalArgumentException(resource.type());
    };
  }

  private Made function(Resource resource) {
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
            .orElse(surroundings.stack() + "-" + resource.logicalId());
    var opt = opt(name, properties.at("Layers").items());
    var spec =
        new Spec(
            name,
            Spec.title(properties.at("Handler").text()),
            role,
            properties.at("Handler").text(),
            template.asset(properties.at("Code").at("S3Key").text()),
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
            properties.at("DeadLetterConfig").at("TargetArn").optionalText());
    functions.add(spec);
    var attributes = new LinkedHashMap<String, String>();
    attributes.put("Arn", spec.arn());
    return new Made(name, attributes);
  }

  /** The layers, one over the other as Lambda extracts them, in a folder of the function. */
  private Path opt(String name, List<Json> arns) {
    var opt = surroundings.work().resolve("opt").resolve(name);
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
