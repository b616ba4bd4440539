package slipway.local.build;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.json.Json;
import slipway.json.Malformed;

/**
 * One instruction of a Dockerfile.
 *
 * @param line where it starts, from 1
 * @param name in upper case, such as {@code COPY}
 * @param flags such as {@code from} for {@code --from=build}
 * @param rest what follows the flags
 */
record Instruction(int line, String name, Map<String, String> flags, String rest) {

  /** The exec form {@code ["java", "-jar"]}, or empty if this is the shell form. */
  Optional<List<String>> exec() {
    if (!rest.startsWith("[")) return Optional.empty();
    try {
      return Optional.of(Json.parse(rest).items().stream().map(Json::text).toList());
    } catch (Malformed _) {
      return Optional.empty();
    }
  }

  /** The exec form, or the shell form as docker runs it. */
  List<String> command() {
    return exec().orElseGet(() -> List.of("/bin/sh", "-c", rest));
  }

  /** The words of COPY and ADD, in either form. */
  List<String> words() {
    return exec().orElseGet(() -> Words.split(rest));
  }

  IllegalArgumentException wrong(String why) {
    return new IllegalArgumentException("line " + line + ": " + name + " " + rest + ": " + why);
  }
}
