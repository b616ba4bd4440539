package slipway.local.build;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words, quotes and variables, as Dockerfiles have them. */
final class Words {
  private static final Pattern VARIABLE =
      Pattern.compile("\\\\\\$|\\$(\\w+)|\\$\\{(\\w+)(?::([-+])([^}]*))?}");

  private Words() {}

  /** Splits at blanks outside of quotes, and takes the quotes away. */
  static List<String> split(String text) {
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    var within = false;
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0 && c == quote) quote = 0;
      else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
        within = true;
      } else if (c == '\\' && quote != '\'' && i + 1 < text.length()) word.append(text.charAt(++i));
      else if (quote == 0 && Character.isWhitespace(c)) {
        if (within || !word.isEmpty()) words.add(word.toString());
        word.setLength(0);
        within = false;
      } else word.append(c);
    }
    if (within || !word.isEmpty()) words.add(word.toString());
    return words;
  }

  /** {@code A=1 B="two words"} and the old {@code A two words}. */
  static Map<String, String> pairs(String text) {
    var pairs = new LinkedHashMap<String, String>();
    var first = text.split("[\\s=]", 2);
    if (first.length == 2 && !text.substring(first[0].length()).startsWith("=")) {
      pairs.put(first[0], first[1].trim());
      return pairs;
    }
    for (var word : split(text)) {
      var equals = word.indexOf('=');
      if (equals < 0) pairs.put(word, "");
      else pairs.put(word.substring(0, equals), word.substring(equals + 1));
    }
    return pairs;
  }

  /** Puts in the variables; one that is not set is empty. */
  static String expand(String text, Map<String, String> variables) {
    return VARIABLE
        .matcher(text)
        .replaceAll(
            match -> {
              if (match.group().equals("\\$")) return Matcher.quoteReplacement("$");
              var name = match.group(1) != null ? match.group(1) : match.group(2);
              var value = variables.getOrDefault(name, "");
              if ("-".equals(match.group(3)) && value.isEmpty()) value = match.group(4);
              if ("+".equals(match.group(3)) && !value.isEmpty()) value = match.group(4);
              return Matcher.quoteReplacement(value);
            });
  }
}
