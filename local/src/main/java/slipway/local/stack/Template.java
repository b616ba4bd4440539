package slipway.local.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import slipway.json.Json;

/**
 * A synthesized template with its assets.
 *
 * @param resources by logical id, in the template's order, intrinsics as they are
 * @param assets folders and files of the assembly by their S3 object key
 */
public record Template(
    String stack,
    Map<String, Json> resources,
    Map<String, Json> outputs,
    Map<String, Json> conditions,
    Map<String, Json> parameters,
    Map<String, Json> mappings,
    Map<String, Path> assets) {

  /** Reads {@code <stack>.template.json} and {@code <stack>.assets.json} of a cloud assembly. */
  public static Template read(Path assembly, String stack) {
    var file = assembly.resolve(stack + ".template.json");
    if (!Files.exists(file))
      throw new StackFailure(
          "%s does not exist: synthesize first (mvn package in infra); templates there: %s"
              .formatted(file, templates(assembly)));
    try {
      var root = Json.parse(Files.readString(file));
      var assets = new HashMap<String, Path>();
      var manifest = assembly.resolve(stack + ".assets.json");
      if (Files.exists(manifest))
        for (var asset : Json.parse(Files.readString(manifest)).at("files").members().values()) {
          var source = asset.at("source").at("path").optionalText();
          if (source.isEmpty()) continue;
          for (var destination : asset.at("destinations").members().values())
            assets.put(
                destination.at("objectKey").text(), assembly.resolve(source.get()).toRealPath());
        }
      return new Template(
          stack,
          root.at("Resources").members(),
          root.at("Outputs").members(),
          root.at("Conditions").members(),
          root.at("Parameters").members(),
          root.at("Mappings").members(),
          Map.copyOf(assets));
    } catch (IOException e) {
      throw new StackFailure("cannot read the assembly in " + assembly, e);
    }
  }

  private static TreeSet<String> templates(Path assembly) {
    var names = new TreeSet<String>();
    if (!Files.isDirectory(assembly)) return names;
    try (var files = Files.list(assembly)) {
      files
          .map(path -> path.getFileName().toString())
          .filter(name -> name.endsWith(".template.json"))
          .forEach(names::add);
    } catch (IOException e) {
      throw new StackFailure("cannot list " + assembly, e);
    }
    return names;
  }
}
