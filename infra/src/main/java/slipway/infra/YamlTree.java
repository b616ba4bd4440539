package slipway.infra;

import java.io.Reader;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import slipway.json.Json;
import slipway.json.Malformed;

/**
 * A YAML document as the tree that JSON would give, with the line of each value. Only what JSON has
 * is taken: no keys that are not text, no key twice, no value inside itself.
 */
final class YamlTree {
  private final Map<String, Integer> lines = new HashMap<>();
  private final List<Malformed> problems = new ArrayList<>();
  private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Json root;

  private YamlTree(Node node) {
    root = Json.of(value("", node));
  }

  /**
   * Parses one document; throws the engine's exceptions, which carry the line, if it is no YAML.
   */
  static YamlTree parse(Reader text) {
    return new YamlTree(
        new Compose(LoadSettings.builder().build())
            .composeReader(text)
            .orElseGet(() -> new ScalarNode(Tag.NULL, "", ScalarStyle.PLAIN)));
  }

  Json root() {
    return root;
  }

  /** What YAML allows and the configuration cannot be. */
  List<Malformed> problems() {
    return List.copyOf(problems);
  }

  /** The line, from 1, of the value at that place, or of what should hold it. */
  int line(String place) {
    var at = place;
    while (!lines.containsKey(at)) {
      int cut = Math.max(at.lastIndexOf('.'), at.lastIndexOf('['));
      if (cut < 0) return lines.getOrDefault("", 1);
      at = at.substring(0, cut);
    }
    return lines.get(at);
  }

  private Object value(String place, Node node) {
    lines.putIfAbsent(place, line(node));
    if (!open.add(node)) {
      problems.add(new Malformed(place, "holds itself: want a value without a loop"));
      return null;
    }
    try {
      return switch (node) {
        case MappingNode mapping -> object(place, mapping);
        case SequenceNode sequence -> {
          var items = new ArrayList<Object>();
          for (var item : sequence.getValue())
            items.add(value(place + "[" + items.size() + "]", item));
          yield items;
        }
        case ScalarNode scalar -> scalar(scalar);
        default -> throw new IllegalStateException("a node of YAML that is not resolved: " + node);
      };
    } finally {
      open.remove(node);
    }
  }

  private Map<String, Object> object(String place, MappingNode mapping) {
    var members = new LinkedHashMap<String, Object>();
    for (var member : mapping.getValue()) {
      if (!(member.getKeyNode() instanceof ScalarNode key)) {
        problems.add(new Malformed(place, "has a key that is not text"));
        continue;
      }
      var path = place.isEmpty() ? key.getValue() : place + "." + key.getValue();
      if (members.containsKey(key.getValue())) {
        problems.add(
            new Malformed(
                path, "is there twice, again in line " + line(key) + ": want each name once"));
        continue;
      }
      lines.put(path, line(key));
      members.put(key.getValue(), value(path, member.getValueNode()));
    }
    return members;
  }

  /** By the tag that YAML's JSON schema gives, so that {@code yes} stays text. */
  private static Object scalar(ScalarNode scalar) {
    var text = scalar.getValue();
    if (scalar.getTag().equals(Tag.NULL)) return null;
    if (scalar.getTag().equals(Tag.BOOL)) return Boolean.valueOf(text);
    if (scalar.getTag().equals(Tag.INT)) return whole(new BigInteger(text));
    if (scalar.getTag().equals(Tag.FLOAT)) return fraction(text);
    return text;
  }

  private static Number whole(BigInteger number) {
    return number.bitLength() < 32 ? (Number) number.intValue() : (Number) number;
  }

  private static Object fraction(String text) {
    try {
      return Double.valueOf(text);
    } catch (NumberFormatException _) {
      return text; // .inf and .nan: no numbers in JSON
    }
  }

  private static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }
}
