package slipway.rollout;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which tags of a repository may move to another image.
 *
 * @param movable whether those may that no exception is made for
 * @param exceptions forms of tags for which it is the other way round; {@code *} stands for any
 *     characters
 */
record TagRules(boolean movable, List<String> exceptions) {
  TagRules {
    exceptions = List.copyOf(exceptions);
  }

  boolean mayMove(String tag) {
    return movable != exceptions.stream().anyMatch(form -> matches(form, tag));
  }

  private static boolean matches(String form, String tag) {
    return tag.matches(
        Stream.of(form.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
  }
}
