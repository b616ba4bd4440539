package slipway.local.stack;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import slipway.json.Json;
import slipway.local.cloud.Pace;
import slipway.local.lambda.fixture.Tester;

/** Writes a cloud assembly as the CDK would, with the tester function's code as an asset. */
public final class Assembly {
  private final Path folder;
  private final Map<String, Map<String, Object>> resources = new LinkedHashMap<>();
  private final Map<String, Object> outputs = new LinkedHashMap<>();

  public Assembly(Path folder) {
    this.folder = folder;
  }

  /** Adds a resource whose properties are JSON, with single quotes for readability. */
  public Assembly resource(String id, String type, String properties, String... dependsOn) {
    return resource(new Resource(id, type, Json.parse(properties.replace('\'', '"'))), dependsOn);
  }

  public Assembly resource(Resource resource, String... dependsOn) {
    resources.put(
        resource.logicalId(),
        Map.of(
            "Type",
            resource.type(),
            "Properties",
            resource.properties().value(),
            "DependsOn",
            List.of(dependsOn)));
    return this;
  }

  /** Takes a resource out again, or says something else of it by adding it once more. */
  public Assembly without(String id) {
    resources.remove(id);
    return this;
  }

  /** Keeps the resource when the stack needs it no more. */
  public Assembly retained(String id) {
    var resource = new LinkedHashMap<>(resources.get(id));
    resource.put("DeletionPolicy", "Retain");
    resource.put("UpdateReplacePolicy", "Retain");
    resources.put(id, resource);
    return this;
  }

  public Assembly output(String name, String value) {
    outputs.put(name, Map.of("Value", Json.parse(value.replace('\'', '"')).value()));
    return this;
  }

  /** A function on the tester, with a role that may do what the statements say. */
  public Assembly function(String id, String statements, String variables, String more) {
    resource(
        id + "Role",
        "AWS::IAM::Role",
        """
        {'RoleName': '%sRole', 'AssumeRolePolicyDocument': {'Statement': [
           {'Effect': 'Allow', 'Action': 'sts:AssumeRole', 'Principal': {'Service': 'lambda.amazonaws.com'}}]},
         'Policies': [{'PolicyName': 'inline', 'PolicyDocument': {'Statement': %s}}]}\
        """
            .formatted(id, statements));
    return resource(
        id,
        "AWS::Lambda::Function",
        """
        {'FunctionName': '%s', 'Runtime': 'java25', 'Handler': 'slipway.local.lambda.fixture.Tester',
         'Role': {'Fn::GetAtt': ['%sRole', 'Arn']}, 'Code': {'S3Bucket': 'b', 'S3Key': 'code.zip'},
         %s'MemorySize': 256, 'Environment': {'Variables': %s}%s}\
        """
            .formatted(
                id, id, more.contains("'Timeout'") ? "" : "'Timeout': 20, ", variables, more));
  }

  /** Starts it at a pace that makes a minute into a tenth of a second. */
  public LocalStack start() throws IOException {
    return start(_ -> {});
  }

  LocalStack start(Consumer<Progress> progress) throws IOException {
    return start(progress, List.of());
  }

  /** The same, with pieces of AWS that plug in. */
  public LocalStack startWith(Piece... pieces) throws IOException {
    return start(_ -> {}, List.of(pieces));
  }

  private LocalStack start(Consumer<Progress> progress, List<Piece> pieces) throws IOException {
    write();
    return LocalStack.start(
        new Plan(
            folder,
            "test",
            new Pace(600),
            Map.of(),
            Map.of("given", "by the user"),
            folder.resolve("logs"),
            pieces,
            progress));
  }

  /** Writes what is said by now; returns its folder. */
  Path write() throws IOException {
    Files.writeString(
        folder.resolve("test.template.json"),
        Json.write(Map.of("Resources", resources, "Outputs", outputs)));
    Files.writeString(
        folder.resolve("test.assets.json"),
        """
        {"files": {"1": {"source": {"path": "asset.code", "packaging": "zip"},
                         "destinations": {"here": {"objectKey": "code.zip"}}},
                   "2": {"source": {"path": "asset.layer", "packaging": "zip"},
                         "destinations": {"here": {"objectKey": "layer.zip"}}}}}\
        """);
    Files.writeString(
        Files.createDirectories(folder.resolve("asset.layer")).resolve("note.txt"), "a layer");
    var name = Tester.class.getName().replace('.', '/') + ".class";
    var target = folder.resolve("asset.code").resolve(name);
    Files.createDirectories(target.getParent());
    try {
      var classes =
          Path.of(Tester.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Files.copy(classes.resolve(name), target, StandardCopyOption.REPLACE_EXISTING);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    return folder;
  }
}
