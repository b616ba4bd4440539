package slipway.audit;

/** Pieces of HTML and SVG. Whatever may come from the network goes through {@link #text}. */
final class Html {
  private Html() {}

  /** Text that means only itself, in an element and in a quoted attribute. */
  static String text(Object value) {
    var text = String.valueOf(value);
    var escaped = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default ->
                    escaped.appendCodePoint(
                        Character.isISOControl(c) && c != '\n' && c != '\t'
                                || Character.getType(c) == Character.SURROGATE
                            ? '\ufffd'
                            : c);
              }
            });
    return escaped.toString();
  }

  /** A number with the minus of printed text, not with a hyphen. */
  static String minus(String number) {
    return number.replace('-', '\u2212');
  }

  /** A coordinate: a tenth of a pixel is fine enough. */
  static String at(double coordinate) {
    return Figures.coarse(coordinate);
  }

  /** The class of a state: its colour, which never says anything alone. */
  static String css(Status status) {
    return switch (status) {
      case OK -> "ok";
      case WARNING -> "warning";
      case EXHAUSTED -> "exhausted";
      case NO_DATA -> "none";
    };
  }

  /** A state as shape, colour and word. */
  static String state(Status status) {
    return "<span class=\"state %s\">%s%s</span>".formatted(css(status), icon(status), status);
  }

  /** A state as a shape. */
  static String icon(Status status) {
    return "<svg class=\"icon\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><use href=\"#i-%s\"/></svg>"
        .formatted(css(status));
  }

  /** The shapes, once in a page: a disc, a triangle, a square and a broken ring. */
  static String icons() {
    return """
    <svg width="0" height="0" style="position:absolute" aria-hidden="true">
    <symbol id="i-ok" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="var(--ok)"/><path d="M4.6 8.2l2.3 2.4 4.5-5" fill="none" stroke="var(--card)" stroke-width="1.8"/></symbol>
    <symbol id="i-warning" viewBox="0 0 16 16"><path d="M8 1.2L15.4 14.6H.6z" fill="var(--warning)"/><path d="M8 6v4.2M8 11.6v1.6" stroke="var(--card)" stroke-width="1.8"/></symbol>
    <symbol id="i-exhausted" viewBox="0 0 16 16"><rect x="1" y="1" width="14" height="14" rx="2" fill="var(--exhausted)"/><path d="M5 5l6 6M11 5l-6 6" stroke="var(--card)" stroke-width="1.8"/></symbol>
    <symbol id="i-none" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.2" fill="none" stroke="var(--none)" stroke-width="1.8" stroke-dasharray="2.6 2.2"/></symbol>
    </svg>
    """;
  }
}
