package dev.escala.documents;

import static java.util.Objects.requireNonNull;

import dev.escala.documents.Drawing.Box;
import dev.escala.documents.Drawing.Cell;
import dev.escala.documents.Drawing.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A drawing as SVG: of its own background, with no font, script or picture from elsewhere, so that
 * it looks the same wherever it is shown. It places things as draw.io does, near enough.
 */
final class Picture {
  /** How much wider than Helvetica's the letters of a substitute may be. */
  private static final double SUBSTITUTE = 1.12;

  private static final double LINE = 1.25;
  private static final double SPACING = 2;
  private static final double GROUP_ICON = 25;
  private static final double CORNER = 10;
  private static final double ARROW = 9;
  private static final Pattern RUN = Pattern.compile("(<b>)?([^<]*)(</b>)?");

  /**
   * A label as it stands on the page.
   *
   * @param box an estimate, larger than the letters
   */
  record Text(String cell, List<String> lines, Box box) {}

  private final Drawing drawing;
  private final StringBuilder svg = new StringBuilder();
  private final List<Text> texts = new ArrayList<>();

  private Picture(Drawing drawing) {
    this.drawing = drawing;
  }

  static String svg(Drawing drawing) {
    Picture picture = new Picture(drawing);
    picture.paint();
    return picture.svg.toString();
  }

  /** Every label, where it stands. */
  static List<Text> texts(Drawing drawing) {
    Picture picture = new Picture(drawing);
    picture.paint();
    return List.copyOf(picture.texts);
  }

  private void paint() {
    Box page = drawing.cells().getFirst().box();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$s %2$s" width="%1$s" height="%2$s" \
        role="img" font-family="Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif">
        """
            .formatted(number(page.width()), number(page.height())));
    Map<String, Cell> byId = drawing.byId();
    for (Cell cell : drawing.cells()) {
      if (cell.isLine()) {
        line(cell, byId);
      } else {
        box(cell);
      }
    }
    svg.append("</svg>\n");
  }

  private void box(Cell cell) {
    switch (cell.style("shape", "")) {
      case "mxgraph.aws4.resourceIcon" -> icon(cell);
      case "mxgraph.aws4.group" -> group(cell);
      case "" -> plain(cell);
      default -> throw new IllegalArgumentException(cell.id() + ": unknown shape");
    }
  }

  private void icon(Cell cell) {
    Box box = cell.box();
    double scale = box.width() / 36;
    add(
        "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"4\" fill=\"%s\"/>"
            .formatted(
                number(box.x()),
                number(box.y()),
                number(box.width()),
                number(box.height()),
                cell.style("fillColor", "none")));
    glyph(cell.style("resIcon", ""), box.x() + 6 * scale, box.y() + 6 * scale, scale);
    text(cell, new Box(box.x(), box.y() + box.height() + SPACING, box.width(), 0), "top");
  }

  private void group(Cell cell) {
    Box box = cell.box();
    String color = cell.style("strokeColor", "none");
    rectangle(cell, 0);
    add(
        "<rect x=\"%s\" y=\"%s\" width=\"%3$s\" height=\"%3$s\" fill=\"%4$s\"/>"
            .formatted(number(box.x()), number(box.y()), number(GROUP_ICON), color));
    glyph(cell.style("grIcon", ""), box.x() + 4.5, box.y() + 4.5, GROUP_ICON / 37);
    text(cell, new Box(box.x(), box.y() + SPACING, box.width(), 0), "top");
  }

  private void plain(Cell cell) {
    Box box = cell.box();
    if (cell.is("ellipse")) {
      add(
          "<circle cx=\"%s\" cy=\"%s\" r=\"%s\" fill=\"%s\" stroke=\"%s\" stroke-width=\"%s\"/>"
              .formatted(
                  number(box.x() + box.width() / 2),
                  number(box.y() + box.height() / 2),
                  number(box.width() / 2),
                  cell.style("fillColor", "none"),
                  cell.style("strokeColor", "none"),
                  cell.style("strokeWidth", "1")));
    } else if (!cell.is("text")) {
      rectangle(cell, cell.is("rounded") ? cell.number("arcSize", 0) / 2 : 0);
    }
    text(cell, box, cell.style("verticalAlign", "middle"));
  }

  private void rectangle(Cell cell, double radius) {
    Box box = cell.box();
    add(
        ("<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"%s\" fill=\"%s\""
                + " stroke=\"%s\"%s/>")
            .formatted(
                number(box.x()),
                number(box.y()),
                number(box.width()),
                number(box.height()),
                number(radius),
                cell.style("fillColor", "none"),
                cell.style("strokeColor", "none"),
                cell.is("dashed") ? " stroke-dasharray=\"4 3\"" : ""));
  }

  private void glyph(String name, double x, double y, double scale) {
    add(
        ("<path transform=\"translate(%s %s) scale(%s)\" d=\"%s\" fill=\"none\" stroke=\"#FFFFFF\""
                + " stroke-width=\"1.6\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/>")
            .formatted(number(x), number(y), number(scale), Glyphs.path(name).strip()));
  }

  /** A label within a box, or from its top downwards. */
  private void text(Cell cell, Box box, String at) {
    if (cell.label().isEmpty()) {
      return;
    }
    List<String> lines = List.of(cell.label().split("<br\\s*/?>", -1));
    double size = cell.number("fontSize", 12);
    double height = lines.size() * size * LINE;
    double top =
        switch (at) {
          case "top" -> box.y() + SPACING + cell.number("spacingTop", 0);
          case "bottom" -> box.y() + box.height() - height - SPACING;
          default -> box.y() + (box.height() - height) / 2;
        };
    boolean centered = cell.style("align", "center").equals("center");
    double x =
        centered ? box.x() + box.width() / 2 : box.x() + SPACING + cell.number("spacingLeft", 0);
    Box place = place(lines, size, x, top, centered);
    texts.add(new Text(cell.id(), lines.stream().map(Picture::plainText).toList(), place));
    if (cell.style().containsKey("labelBackgroundColor")) {
      add(
          "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"/>"
              .formatted(
                  number(place.x()),
                  number(place.y()),
                  number(place.width()),
                  number(place.height()),
                  cell.style("labelBackgroundColor", "none")));
    }
    for (int i = 0; i < lines.size(); i++) {
      add(
          "<text x=\"%s\" y=\"%s\" font-size=\"%s\" fill=\"%s\"%s%s>%s</text>"
              .formatted(
                  number(x),
                  number(top + size * (i * LINE + 1)),
                  number(size),
                  cell.style("fontColor", "#000000"),
                  cell.is("fontStyle") ? " font-weight=\"bold\"" : "",
                  centered ? " text-anchor=\"middle\"" : "",
                  runs(cell.id(), lines.get(i))));
    }
  }

  private static Box place(List<String> lines, double size, double x, double y, boolean centered) {
    double width = size * lines.stream().mapToDouble(Picture::width).max().orElse(0);
    return new Box(centered ? x - width / 2 : x, y, width, lines.size() * size * LINE);
  }

  /** About as wide as the widest usual font, in font sizes. */
  private static double width(String line) {
    return SUBSTITUTE
        * plainText(line)
            .codePoints()
            .mapToDouble(
                letter ->
                    " iljtfrI.,:;'|!()".indexOf(letter) >= 0
                        ? 0.3
                        : "mwMW@".indexOf(letter) >= 0 ? 0.85 : letter < 'a' ? 0.66 : 0.54)
            .sum();
  }

  private static String plainText(String line) {
    return line.replaceAll("</?b>", "");
  }

  /** The line as it is, or with what is bold in it. */
  private static String runs(String cell, String line) {
    StringBuilder runs = new StringBuilder();
    Matcher matcher = RUN.matcher(line);
    int end = 0;
    while (end < line.length()) {
      if (!matcher.find(end) || matcher.start() != end || matcher.end() == end) {
        throw new IllegalArgumentException(cell + ": a label has only <br> and <b>: " + line);
      }
      String escaped = matcher.group(2).replace("&", "&amp;").replace("<", "&lt;");
      runs.append(
          matcher.group(1) == null
              ? escaped
              : "<tspan font-weight=\"bold\">" + escaped + "</tspan>");
      end = matcher.end();
    }
    return runs.toString();
  }

  private void line(Cell cell, Map<String, Cell> byId) {
    List<Point> points = new ArrayList<>();
    points.add(end(cell, requireNonNull(byId.get(cell.source())), "exit"));
    points.addAll(cell.corners());
    points.add(end(cell, requireNonNull(byId.get(cell.target())), "entry"));
    Point last = points.removeLast();
    Point before = points.getLast();
    points.add(towards(last, before, ARROW - 1));
    String color = cell.style("strokeColor", "#000000");
    add(
        "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"%s/>"
            .formatted(
                path(points),
                color,
                cell.style("strokeWidth", "1"),
                cell.is("dashed") ? " stroke-dasharray=\"4 3\"" : ""));
    Point back = towards(last, before, ARROW);
    double dx = (last.x() - back.x()) * 0.45;
    double dy = (last.y() - back.y()) * 0.45;
    add(
        "<path d=\"M%s L%s L%sZ\" fill=\"%s\"/>"
            .formatted(
                pair(last),
                pair(new Point(back.x() - dy, back.y() + dx)),
                pair(new Point(back.x() + dy, back.y() - dx)),
                color));
  }

  private static Point end(Cell line, Cell at, String which) {
    for (String part : List.of("X", "Y")) {
      if (!line.style().containsKey(which + part)) {
        throw new IllegalArgumentException(
            "line '%s' has no fixed %s: drag its end to a point of the box"
                .formatted(line.id(), which));
      }
    }
    Box box = at.box();
    return new Point(
        box.x() + line.number(which + "X", 0) * box.width() + line.number(which + "Dx", 0),
        box.y() + line.number(which + "Y", 0) * box.height() + line.number(which + "Dy", 0));
  }

  /** Through all points, with round corners. */
  private static String path(List<Point> points) {
    StringBuilder path = new StringBuilder("M" + pair(points.getFirst()));
    for (int i = 1; i < points.size() - 1; i++) {
      Point corner = points.get(i);
      path.append(
          " L%s Q%s %s"
              .formatted(
                  pair(towards(corner, points.get(i - 1), CORNER)),
                  pair(corner),
                  pair(towards(corner, points.get(i + 1), CORNER))));
    }
    return path + " L" + pair(points.getLast());
  }

  private static Point towards(Point from, Point to, double distance) {
    double length = Math.hypot(to.x() - from.x(), to.y() - from.y());
    return new Point(
        from.x() + (to.x() - from.x()) / length * distance,
        from.y() + (to.y() - from.y()) / length * distance);
  }

  private static String pair(Point point) {
    return number(point.x()) + " " + number(point.y());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value).replaceAll("\\.?0+$", "");
  }

  private void add(String element) {
    svg.append("  ").append(element).append('\n');
  }
}
