package dev.escala.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.documents.Drawing.Cell;
import dev.escala.documents.Picture.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The diagram shows what Terraform makes, and its picture what the diagram says. */
class DiagramTest {
  private static final Path DIAGRAM = Path.of("..", "docs", "architecture.drawio");
  private static final Path PICTURE = Path.of("..", "docs", "architecture.svg");
  private static final List<Path> MAKING =
      Stream.of("modules", "system", "shared").map(Path.of("..", "infra")::resolve).toList();

  /** Money is not in the picture. */
  private static final String BUDGET = "aws_budgets_budget";

  private static final Pattern RESOURCE =
      Pattern.compile("^resource \"(aws_\\w+)\" ", Pattern.MULTILINE);

  private static Drawing diagram() {
    return Drawing.parse(RepositoryFiles.read(DIAGRAM));
  }

  private static Set<String> familiesOf(String terraform) {
    return RESOURCE
        .matcher(terraform)
        .results()
        .map(result -> result.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> familiesMade() {
    return RepositoryFiles.files(".tf").stream()
        .filter(file -> MAKING.stream().anyMatch(file::startsWith))
        .flatMap(file -> familiesOf(RepositoryFiles.read(file)).stream())
        .filter(family -> !family.equals(BUDGET))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What is on one side only. */
  private static List<String> differences(Set<String> made, Drawing drawing) {
    Set<String> shown = new TreeSet<>();
    drawing.cells().forEach(cell -> shown.addAll(cell.families()));
    List<String> differences = new ArrayList<>();
    made.stream()
        .filter(f -> !shown.contains(f))
        .forEach(f -> differences.add(f + " is not shown"));
    shown.stream().filter(f -> !made.contains(f)).forEach(f -> differences.add(f + " is not made"));
    return differences;
  }

  @Test
  void showsEveryFamilyOfResourcesAndNoOther() {
    assertThat(familiesMade()).hasSizeGreaterThan(50);
    assertThat(differences(familiesMade(), diagram())).isEmpty();
  }

  @Test
  void aPlantedResourceAndAPlantedCellAreFound() {
    Set<String> made = familiesMade();
    made.addAll(familiesOf("resource \"aws_elasticache_cluster\" \"planted\" {\n}\n"));
    Drawing planted =
        Drawing.parse(
            RepositoryFiles.read(DIAGRAM).replace("aws_acm_certificate ", "aws_acm_planted "));

    assertThat(differences(made, planted))
        .containsExactly(
            "aws_acm_certificate is not shown",
            "aws_elasticache_cluster is not shown",
            "aws_acm_planted is not made");
  }

  @Test
  void thePictureIsWhatTheDiagramSays() {
    assertThat(RepositoryFiles.read(PICTURE))
        .as(
            "java -cp embedded/target/test-classes dev.escala.documents.Draw"
                + " docs/architecture.drawio")
        .isEqualTo(Picture.svg(diagram()));
    assertThat(RepositoryFiles.read(PICTURE))
        .isNotEqualTo(
            Picture.svg(
                Drawing.parse(RepositoryFiles.read(DIAGRAM).replace("SQS queue", "Planted"))));
  }

  @Test
  void thePictureNeedsNothingFromElsewhere() {
    assertThat(elsewhere(RepositoryFiles.read(PICTURE))).isEmpty();
    assertThat(elsewhere("<image href=\"a.png\"/> <style>@import url(b)</style> <script/>"))
        .hasSize(6);
  }

  private static List<String> elsewhere(String svg) {
    return Pattern.compile("<(image|style|script|foreignObject|use)\\b|href=|url\\(|@import")
        .matcher(svg)
        .results()
        .map(result -> result.group())
        .toList();
  }

  @Test
  void noLabelStandsOnAnotherOrOffThePage() {
    assertThat(collisions(diagram())).isEmpty();
    assertThat(
            collisions(
                Drawing.parse(
                    RepositoryFiles.read(DIAGRAM)
                        .replace("\"Clients\"", "\"" + "W".repeat(80) + "\""))))
        .contains("clients and waf", "clients is off the page");
  }

  private static List<String> collisions(Drawing drawing) {
    List<Text> texts = Picture.texts(drawing);
    List<String> collisions = new ArrayList<>();
    for (Text text : texts) {
      if (!drawing.cells().getFirst().box().contains(text.box())) {
        collisions.add(text.cell() + " is off the page");
      }
      texts.stream()
          .filter(other -> text.cell().compareTo(other.cell()) < 0)
          .filter(other -> text.box().overlaps(other.box()))
          .forEach(other -> collisions.add(text.cell() + " and " + other.cell()));
    }
    return collisions;
  }

  @Test
  void eachStepIsInTheLegendAndHasAName() {
    assertThat(ids("step-")).containsExactlyInAnyOrderElementsOf(ids("legend-text-"));
    assertThat(ids("step-")).contains("1", "9", "A", "D").hasSize(13);
    assertThat(diagram().cells()).filteredOn(Cell::isLine).hasSizeGreaterThan(15);
  }

  private static Set<String> ids(String beginning) {
    return diagram().cells().stream()
        .map(Cell::id)
        .filter(id -> id.startsWith(beginning))
        .map(id -> id.substring(beginning.length()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @CsvSource({
    "</mxfile>, '', not well formed",
    "'id=\"queue\"', 'id=\"topic\"', 'there twice: ''topic'''",
    "'source=\"producers\"', 'source=\"nobody\"', 'ends at ''nobody'''",
    "mxCell, mxThing, no mxCell"
  })
  void aFileThatIsBrokenIsRefused(String part, String planted, String told) {
    String broken = RepositoryFiles.read(DIAGRAM).replace(part, planted);
    assertThatThrownBy(() -> Drawing.parse(broken)).hasMessageContaining(told);
  }

  @ParameterizedTest
  @CsvSource({
    "resIcon=mxgraph.aws4.sqs, resIcon=mxgraph.aws4.planted, no glyph",
    "Load balancer, &lt;font&gt;Load balancer, a label has only",
    "shape=mxgraph.aws4.group, shape=mxgraph.aws4.planted, unknown shape",
    "exitX=1, exitZ=1, has no fixed exit"
  })
  void whatCannotBeDrawnIsRefused(String part, String planted, String told) {
    Drawing drawing = Drawing.parse(RepositoryFiles.read(DIAGRAM).replace(part, planted));
    assertThatThrownBy(() -> Picture.svg(drawing)).hasMessageContaining(told);
  }
}
