import java.io.File;
import java.io.FileInputStream;
import java.io.InputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Validates PDF files with veraPDF: Validate FLAVOUR[,FLAVOUR] FILE... prints one line for each, and what failed. */
public class Validate {
    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        boolean good = true;
        for (String name : arguments[0].split(",")) {
            PDFAFlavour flavour = PDFAFlavour.fromString(name);
            for (int at = 1; at < arguments.length; at++) {
                try (InputStream stream = new FileInputStream(new File(arguments[at]));
                        PDFAParser parser = Foundries.defaultInstance().createParser(stream, flavour);
                        PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
                    ValidationResult result = validator.validate(parser);
                    System.out.println(arguments[at] + "\t" + name + "\t" + result.isCompliant() + "\t"
                            + result.getTotalAssertions());
                    for (TestAssertion each : result.getTestAssertions()) {
                        if (each.getStatus() == TestAssertion.Status.FAILED) {
                            System.out.println("  " + each.getRuleId().getClause() + " " + each.getMessage());
                        }
                    }
                    good &= result.isCompliant();
                }
            }
        }
        System.exit(good ? 0 : 1);
    }
}
