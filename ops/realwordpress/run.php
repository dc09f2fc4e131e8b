<?php
/* Code inside the site, as its administrator: `install`, a file, or a piece of PHP. */
$_SERVER += [ 'HTTP_HOST' => parse_url( getenv( 'WP_URL' ), PHP_URL_HOST ), 'REQUEST_URI' => '/', 'REQUEST_METHOD' => 'GET', 'SERVER_PROTOCOL' => 'HTTP/1.1' ];
if ( 'install' === $argv[1] ) {
	define( 'WP_INSTALLING', true );
}
require getenv( 'WP_ROOT' ) . '/wp-load.php';
if ( 'install' === $argv[1] ) {
	require ABSPATH . 'wp-admin/includes/upgrade.php';
	add_filter( 'pre_wp_mail', '__return_true' );
	wp_install( 'Partner', 'editor', 'editor@partner.example', true, '', 'secret' );
	update_option( 'timezone_string', 'Europe/Amsterdam' );
	update_option( 'permalink_structure', '/%postname%/' );
	exit;
}
wp_set_current_user( 1 );
is_file( $argv[1] ) ? require $argv[1] : eval( $argv[1] );
