package slipway.local.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoubleBinaryOperator;
import java.util.regex.Pattern;

/**
 * A metric math expression: numbers, ids of queries, arithmetic, comparisons, lists, and the
 * functions MIN, MAX, SUM, AVG, IF and FILL.
 */
public final class Expression {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(\\d+(?:\\.\\d*)?(?:[eE][+-]?\\d+)?|\\.\\d+|[A-Za-z_][A-Za-z0-9_]*"
              + "|<=|>=|==|!=|&&|\\|\\||[-+*/^()\\[\\],<>])");

  private final String text;
  private final Node root;
  private final Set<String> ids = new TreeSet<>();

  /** A part of it; what it is worth depends on the queries. */
  sealed interface Node {}

  record Number(double value) implements Node {}

  record Id(String name) implements Node {}

  record Several(List<Node> items) implements Node {}

  record Operation(DoubleBinaryOperator operator, Node left, Node right) implements Node {}

  /** Of a list: one value for each slot. Of one series: one value for all of it. */
  record Aggregate(String function, Node of) implements Node {}

  record Choice(Node condition, Node yes, Node no) implements Node {}

  /** Gaps filled with a number, or with the value before. */
  record Filled(Node series, Node with) implements Node {}

  record Repeat() implements Node {}

  private Expression(String text) {
    this.text = text;
    var parser = new Parser(text);
    this.root = parser.all();
  }

  /**
   * @throws IllegalArgumentException if it is none
   * @throws UnsupportedOperationException if it uses a function that is not played; its name is in
   *     the message
   */
  public static Expression parse(String text) {
    return new Expression(text);
  }

  Node root() {
    return root;
  }

  /** The queries that it uses. */
  public Set<String> ids() {
    return Set.copyOf(ids);
  }

  public String text() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Expression expression && expression.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }

  private final class Parser {
    private final List<String> tokens = new ArrayList<>();
    private int at;

    Parser(String text) {
      var matcher = TOKEN.matcher(text);
      var end = 0;
      while (matcher.find(end) && matcher.start() == end) {
        tokens.add(matcher.group(1));
        end = matcher.end();
      }
      if (!text.substring(end).isBlank())
        throw wrong("'" + text.substring(end).strip() + "' is not understood");
    }

    Node all() {
      var node = either();
      if (at < tokens.size()) throw wrong("'" + tokens.get(at) + "' is not expected");
      return node;
    }

    private Node either() {
      var left = both();
      while (taken("OR", "||") != null)
        left = new Operation((a, b) -> truth(a != 0 || b != 0), left, both());
      return left;
    }

    private Node both() {
      var left = comparison();
      while (taken("AND", "&&") != null)
        left = new Operation((a, b) -> truth(a != 0 && b != 0), left, comparison());
      return left;
    }

    private Node comparison() {
      var left = sum();
      while (true) {
        var operator = taken("<", "<=", ">", ">=", "==", "!=");
        if (operator == null) return left;
        var right = sum();
        left =
            new Operation(
                switch (operator) {
                  case "<" -> (a, b) -> truth(a < b);
                  case "<=" -> (a, b) -> truth(a <= b);
                  case ">" -> (a, b) -> truth(a > b);
                  case ">=" -> (a, b) -> truth(a >= b);
                  case "==" -> (a, b) -> truth(a == b);
                  default -> (a, b) -> truth(a != b);
                },
                left,
                right);
      }
    }

    private Node sum() {
      var left = product();
      while (true) {
        var operator = taken("+", "-");
        if (operator == null) return left;
        var right = product();
        left = new Operation(operator.equals("+") ? Double::sum : (a, b) -> a - b, left, right);
      }
    }

    private Node product() {
      var left = power();
      while (true) {
        var operator = taken("*", "/");
        if (operator == null) return left;
        var right = power();
        left = new Operation(operator.equals("*") ? (a, b) -> a * b : (a, b) -> a / b, left, right);
      }
    }

    private Node power() {
      if (taken("-") != null) return new Operation((a, b) -> a - b, new Number(0), power());
      var base = single();
      return taken("^") == null ? base : new Operation(java.lang.Math::pow, base, power());
    }

    private Node single() {
      if (at >= tokens.size()) throw wrong("it ends too early");
      var token = tokens.get(at++);
      if (token.equals("(")) {
        var inside = either();
        want(")");
        return inside;
      }
      if (token.equals("[")) {
        var items = arguments("]");
        return new Several(items);
      }
      if (Character.isDigit(token.charAt(0)) || token.charAt(0) == '.')
        return new Number(Double.parseDouble(token));
      if (!Character.isLetter(token.charAt(0))) throw wrong("'" + token + "' is not expected");
      if (taken("(") != null) return function(token, arguments(")"));
      if (Character.isUpperCase(token.charAt(0))) return constant(token);
      ids.add(token);
      return new Id(token);
    }

    private Node constant(String word) {
      if (word.equals("REPEAT")) return new Repeat();
      throw new UnsupportedOperationException(
          "metric math '%s': %s is not played locally".formatted(text, word));
    }

    private Node function(String name, List<Node> given) {
      return switch (name) {
        case "MIN", "MAX", "SUM", "AVG" -> {
          count(name, given, 1, 1);
          yield new Aggregate(name, given.getFirst());
        }
        case "IF" -> {
          count(name, given, 2, 3);
          var no = given.size() == 3 ? given.get(2) : new Number(Double.NaN);
          yield new Choice(given.getFirst(), given.get(1), no);
        }
        case "FILL" -> {
          count(name, given, 2, 2);
          yield new Filled(given.getFirst(), given.get(1));
        }
        default ->
            throw new UnsupportedOperationException(
                "metric math '%s': the function %s is not played locally".formatted(text, name));
      };
    }

    private void count(String name, List<Node> given, int min, int max) {
      if (given.size() < min || given.size() > max)
        throw wrong(
            "%s takes %s arguments, not %d"
                .formatted(name, min == max ? min : min + " or " + max, given.size()));
    }

    private List<Node> arguments(String end) {
      var nodes = new ArrayList<Node>();
      if (taken(end) != null) return nodes;
      do nodes.add(either());
      while (taken(",") != null);
      want(end);
      return nodes;
    }

    private void want(String token) {
      if (taken(token) == null) throw wrong("'" + token + "' is missing");
    }

    private String taken(String... wanted) {
      if (at >= tokens.size()) return null;
      for (var token : wanted)
        if (tokens.get(at).equals(token)) {
          at++;
          return token;
        }
      return null;
    }

    private IllegalArgumentException wrong(String why) {
      return new IllegalArgumentException("metric math '%s': %s".formatted(text, why));
    }
  }

  private static double truth(boolean is) {
    return is ? 1 : 0;
  }
}
